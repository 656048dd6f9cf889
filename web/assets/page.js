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

/* Suggestions while typing: an editable combobox with a list of choices, as WAI-ARIA describes it.
   A term or a word asks its question under the same filters; a title leads to its document, a body
   to its documents. */
(function suggest() {
    var WAIT_MS = 80;
    var input = document.querySelector("input[type=search][data-suggestions]");
    if (!input || !window.fetch || !window.AbortController)
        return;
    var list = document.createElement("ul");
    var told = document.createElement("span"); /* how many there are, for those who do not see */
    var choices = [];
    var chosen = -1;
    var timer = 0;
    var request = null;

    function show(isOpen) {
        list.hidden = !isOpen;
        if (!isOpen)
            told.textContent = "";
        input.setAttribute("aria-expanded", String(isOpen));
        if (!isOpen)
            choose(-1);
    }

    function choose(at) {
        if (list.children[chosen])
            list.children[chosen].removeAttribute("aria-selected");
        chosen = at;
        if (at < 0) {
            input.removeAttribute("aria-activedescendant");
            return;
        }
        list.children[at].setAttribute("aria-selected", "true");
        list.children[at].scrollIntoView({ block: "nearest" });
        input.setAttribute("aria-activedescendant", list.children[at].id);
    }

    function take(at) {
        var choice = choices[at];
        show(false);
        if (choice.kind === "title" || choice.kind === "body") {
            var address = new URL(choice.url, window.location.href);
            var language = new URLSearchParams(window.location.search).get("hl");
            if (language)
                address.searchParams.set("hl", language);
            window.location.assign(address);
            return;
        }
        input.value = choice.text;
        input.form.requestSubmit();
    }

    function makeOption(choice, at) {
        var option = document.createElement("li");
        var kind = input.dataset["kind" + choice.kind[0].toUpperCase() + choice.kind.slice(1)];
        option.id = "suggestion-" + at;
        option.setAttribute("role", "option");
        option.textContent = choice.text;
        if (choice.language)
            option.lang = choice.language;
        if (kind) {
            var label = document.createElement("span");
            label.textContent = kind;
            label.lang = document.documentElement.lang;
            option.append(" ", label);
        }
        return option;
    }

    function fill(answer) {
        if (answer.typed !== input.value || document.activeElement !== input)
            return;
        choices = answer.suggestions;
        choose(-1);
        list.replaceChildren.apply(list, choices.map(makeOption));
        show(choices.length > 0);
        told.textContent = choices.length > 0 ? input.dataset.suggestions + ": " + choices.length : "";
    }

    function ask() {
        request = new AbortController();
        fetch("/api/v1/suggest?limit=8&q=" + encodeURIComponent(input.value), { signal: request.signal })
            .then(function (response) { return response.ok ? response.json() : null; })
            .then(function (answer) { if (answer) fill(answer); })
            .catch(function () { /* no suggestions, then */ });
    }

    function onInput() {
        window.clearTimeout(timer);
        if (request)
            request.abort();
        if (input.value.trim().length < 2)
            show(false);
        else
            timer = window.setTimeout(ask, WAIT_MS);
    }

    /* Keys while the list is closed: down asks for it, without choosing. */
    function onClosedKey(event) {
        if (event.key !== "ArrowDown" || event.isComposing || input.value.trim().length < 2)
            return;
        event.preventDefault();
        if (request)
            request.abort();
        ask();
    }

    /* Keys that move the caret belong to the text again. */
    var CARET = ["ArrowLeft", "ArrowRight", "Home", "End"];

    var KEYS = {
        ArrowDown: function () { choose(chosen + 1 < choices.length ? chosen + 1 : -1); },
        ArrowUp: function () { choose(chosen < 0 ? choices.length - 1 : chosen - 1); },
        Escape: function () { show(false); },
        Enter: function () { take(chosen); }
    };

    input.addEventListener("keydown", function (event) {
        if (list.hidden) {
            onClosedKey(event);
            return;
        }
        if (event.altKey && event.key === "ArrowUp") {
            event.preventDefault();
            show(false);
            return;
        }
        if (CARET.indexOf(event.key) >= 0)
            choose(-1);
        var isOpen = KEYS[event.key] && !event.isComposing;
        if (!isOpen || (event.key === "Enter" && chosen < 0))
            return;
        event.preventDefault();
        KEYS[event.key]();
    });
    list.addEventListener("mousedown", function (event) {
        var option = event.target.closest("li");
        event.preventDefault(); /* the box keeps the focus */
        if (option && event.button === 0)
            take(Array.prototype.indexOf.call(list.children, option));
    });
    input.addEventListener("input", onInput);
    input.addEventListener("blur", function () { show(false); });

    list.id = "suggestions";
    list.className = "suggestions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", input.dataset.suggestions);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    told.className = "aside";
    told.setAttribute("role", "status");
    input.after(list);
    input.form.append(told);
    show(false);
})();
