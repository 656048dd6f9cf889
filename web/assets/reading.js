/* Keys for the reading room. The page works the same without this file. */
"use strict";

/* A key follows the link that stands for it. Letters and signs may get in the way of those who use
   speech or keys of their own, so all can be turned off (WCAG 2.1.4); that choice is the one thing
   that stays in the browser. */
(function followKeys() {
    var STEPS = {
        ArrowLeft: "step-previous",
        ArrowRight: "step-next",
        p: "step-previous-hit",
        n: "step-next-hit",
        "-": "step-smaller",
        "+": "step-larger"
    };
    var OFF = "reading-keys-off";
    var sheet = document.getElementById("sheet");
    var keys = document.getElementById("keys");
    if (!keys)
        return;

    function isOff() {
        try {
            return window.localStorage.getItem(OFF) === "1";
        } catch (error) {
            return false;
        }
    }

    function setOff(off) {
        try {
            if (off)
                window.localStorage.setItem(OFF, "1");
            else
                window.localStorage.removeItem(OFF);
        } catch (error) {
            /* not kept, then */
        }
    }

    /* Keys belong to what has the focus; a page that can be moved sideways keeps its arrows. */
    function isForUs(event) {
        var focused = document.activeElement;
        var isFree = !focused || focused === document.body || focused.id === "main" || focused === sheet;
        var isScrolling = event.key.indexOf("Arrow") === 0 && sheet && sheet.scrollWidth > sheet.clientWidth;
        return isFree && !isScrolling && !event.ctrlKey && !event.altKey && !event.metaKey && !isOff();
    }

    function onKey(event) {
        var link = STEPS[event.key] && document.getElementById(STEPS[event.key]);
        if (!link || event.defaultPrevented || !isForUs(event))
            return;
        event.preventDefault();
        window.location.assign(link.href);
    }

    /* The switch is shown by the script, since without it there are no keys. */
    (function offerSwitch() {
        var button = document.createElement("button");
        function tell() {
            button.textContent = isOff() ? keys.dataset.on : keys.dataset.off;
        }
        button.type = "button";
        button.className = "plain";
        button.addEventListener("click", function () {
            setOff(!isOff());
            tell();
        });
        tell();
        keys.append(button);
        keys.hidden = false;
    })();

    document.addEventListener("keydown", onKey);
})();

/* In a place smaller than what it shows, the match is brought into the middle of it. */
(function showMatch() {
    function bring(place, match) {
        if (!place || !match)
            return;
        var inner = match.getBoundingClientRect();
        var outer = place.getBoundingClientRect();
        place.scrollBy(inner.left - outer.left - (outer.width - inner.width) / 2,
                       inner.top - outer.top - (outer.height - inner.height) / 2);
    }
    var sheet = document.getElementById("sheet");
    if (sheet && sheet.scrollHeight > sheet.clientHeight)
        bring(sheet, sheet.querySelector(".is-current"));
    bring(document.querySelector(".reading-both .page-text"), document.querySelector("mark.is-current"));
})();
