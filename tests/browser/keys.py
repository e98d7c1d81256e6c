"""Somebody who uses the keyboard alone, and says at each stop whether they see where they are."""

# At a stop: what has the focus, whether the stop before looked different while it had it, and whether this one stands
# after it on the page: below, beside, or at the top of the next column. Fixed parts have no place in that order.
_STOP = """() => {
    const one = document.activeElement, before = window.obStop;
    if (one === document.body) return null;
    const look = element => { const s = getComputedStyle(element);
        return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.backgroundColor].join(); };
    const name = element => element.outerHTML.replace(/\\s+/g, " ").slice(0, 110);
    const fixed = element => { for (let e = element; e; e = e.parentElement)
        if (["fixed", "absolute"].includes(getComputedStyle(e).position)) return true; return false; };
    const place = element => { const box = element.getBoundingClientRect();
        return {left: box.left, right: box.right, top: box.top + scrollY, bottom: box.bottom + scrollY}; };
    const faults = [], here = {one, place: fixed(one) ? null : place(one)};
    // On the calendar's button inside of a date field the browser draws a ring of its own, and the field has none.
    if (one.matches(":focus")) here.look = look(one);
    const box = one.getBoundingClientRect();
    if (!(box.width && box.height)) faults.push("nothing to be seen of " + name(one));
    if (box.bottom < 0 || box.top > innerHeight) faults.push("out of sight: " + name(one));
    if (before && before.one.isConnected) {
        if (before.look && before.one !== one && look(before.one) === before.look) faults.push("focus not shown: " + name(before.one));
        const [from, to] = [before.place, here.place];
        if (from && to && to.bottom <= from.top && to.left < from.right) faults.push("goes back: " + name(one));
    }
    window.obStop = here;
    return {faults, name: name(one)};
}"""

MOST_STOPS = 150


class Keys:
    """Tab, Enter, Space, arrows and letters on one page; `faults` gathers what was wrong at the stops."""

    def __init__(self, page):
        self.page = page
        self.faults = []

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text):
        self.page.keyboard.type(text)

    def stop(self):
        """Look at where the focus is. None where it is on nothing."""
        at = self.page.evaluate(_STOP)
        self.faults += [] if at is None else at["faults"]
        return at

    def turn(self):
        """From here on it goes backwards: what comes next need not stand below."""
        self.page.evaluate("window.obStop = null")

    def on(self, selector):
        return self.page.evaluate("selector => document.activeElement.matches(selector)", selector)

    def tab_to(self, selector):
        """Go on with Tab until `selector` has the focus; fails if it comes by no such place."""
        for _step in range(MOST_STOPS):
            self.press("Tab")
            at = self.stop()
            if at is not None and self.on(selector):
                return at
        raise AssertionError(f"Tab does not lead to {selector}")

    def follow(self, selector, key="Enter"):
        """Go there and press it; returns when the next page stands."""
        self.tab_to(selector)
        with self.page.expect_navigation():
            self.press(key)
        self.page.wait_for_load_state()

    def round(self):
        """All stops of the page from its beginning, until Tab leaves it."""
        stops = []
        while len(stops) < MOST_STOPS:
            self.press("Tab")
            if (at := self.stop()) is None:
                return stops
            stops.append(at["name"])
        raise AssertionError(f"Tab never leaves the page; it went round {stops[-5:]}")
