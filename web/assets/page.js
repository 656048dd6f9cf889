/* Conveniences only: every page works the same without this file. */
"use strict";

/* Filters stand open beside the list where there is room for both. */
(function openFilters() {
    var facets = document.getElementById("facets");
    var wide = window.matchMedia("(min-width: 60rem)");
    if (!facets || CSS.supports("selector(::details-content)"))
        return;
    function follow() {
        facets.open = wide.matches;
    }
    wide.addEventListener("change", follow);
    follow();
})();

/* A button to copy the citation. */
(function offerCopy() {
    var citation = document.getElementById("citation");
    if (!citation || !navigator.clipboard)
        return;
    var button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    button.textContent = citation.dataset.copy;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", function () {
        navigator.clipboard.writeText(citation.textContent).then(function () {
            button.textContent = citation.dataset.copied;
        });
    });
    citation.after(button);
})();
