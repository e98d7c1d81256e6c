"""What can be seen wrong with a page by a machine."""

from axe_playwright_python.base import AXE_SCRIPT

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]

# The scheme changes colours and nothing else, so in the dark only these have anything new to say.
COLOURS = ["color-contrast", "link-in-text-block"]

_AXE = """([type, values]) => axe.run({runOnly: {type, values}, resultTypes: ["violations"]}).then(found =>
    found.violations.flatMap(rule => rule.nodes.map(node => rule.id + " at " + node.target.join(" "))))"""

_STRUCTURE = """() => {
    const found = [], root = document.documentElement, seen = element => element.checkVisibility();
    const over = root.scrollWidth - root.clientWidth;
    if (over > 0) {
        const wide = [...document.querySelectorAll("body *")].filter(seen).filter(element => {
            const box = element.getBoundingClientRect();
            return box.width && (box.right > root.clientWidth + 1 || box.left < -1);
        });
        const names = wide.slice(0, 3).map(element => element.tagName.toLowerCase() + "." + element.className);
        found.push(`${over} px too wide: ${names.join(", ")}`);
    }
    const levels = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")].filter(seen).map(h => +h.tagName[1]);
    if (levels.filter(level => level === 1).length !== 1) found.push(`headings ${levels}, not one h1`);
    levels.forEach((level, place) => {
        if (place && level > levels[place - 1] + 1) found.push(`heading ${place + 1} jumps: ${levels}`);
    });
    return found;
}"""

_TWO_FRAMES = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"


def prepare(context):
    """Bring axe into every page of the context: half a megabyte, so once and not for each look."""
    context.add_init_script(AXE_SCRIPT)


def violations(page):
    """What axe finds against WCAG 2.2 A and AA in the page as it stands; `prepare()` the context first."""
    return page.evaluate(_AXE, ["tag", TAGS])


def faint(page):
    """Of that, what depends on colours."""
    return page.evaluate(_AXE, ["rule", COLOURS])


def structure(page):
    """Sideways overflow, and an outline of headings that has no one top or leaves a level out."""
    return page.evaluate(_STRUCTURE)


def look(page, width, scheme):
    """Turn the page as it is into another size and scheme. Motion is off: half-way colours are nobody's fault."""
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800})
    page.evaluate(_TWO_FRAMES)


def found_wrong(page):
    """What is wrong with the page as it stands, at two widths and in two schemes; it is left at the last of them."""
    found = []
    for width in (1280, 360):
        look(page, width, "light")
        found += [f"{width} light: {one}" for one in structure(page) + violations(page)]
        look(page, width, "dark")
        found += [f"{width} dark: {one}" for one in faint(page)]
    return found


def found_wrong_translated(page):
    """The same of a page that was looked at in another language, and is now longer, or mirrored.

    Its elements, their names and their colours are those that were looked at; what words do to them is their place.
    """
    found = []
    for width in (1280, 360):
        look(page, width, "light")
        found += [f"{width} light: {one}" for one in structure(page)]
    return found + [f"{width} light: {one}" for one in violations(page)]
