"""What a task asks of somebody with a phone: counted tap by tap, with a picture after each step."""

import time

# Card, Moran, Newell: The Keystroke-Level Model (1980): what somebody takes to make up their mind before each field.
DECIDING = 1.35
# Palin et al.: How do people type on mobile devices? (2019), 37,000 people: 36 words of five letters a minute.
LETTER = 60 / (36 * 5)
# Where a finger goes to a target of 44 px and touches it.
TOUCH = 1.1
# A choice of a list, a date or a time opens a picker: one touch to open it, one to choose, one to close it.
PICKING = 3 * TOUCH


class Hand:
    """Does what a person's hand does on the page, and keeps account of it. Pictures of the steps go to `folder`."""

    def __init__(self, page, folder):
        self.page, self.folder = page, folder
        self.steps = []
        self.began = time.monotonic()

    def touch(self, what, selector):
        self.page.locator(selector).first.tap()
        self._did(f"touch {what}", DECIDING + TOUCH)

    def follow(self, what, selector):
        """Touch what leads to another page, or to this one anew."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.tap()
        self._did(f"touch {what}", DECIDING + TOUCH)

    def type(self, what, selector, text):
        self.page.fill(selector, text)
        self._did(f"type {what}: {len(text)} letters", DECIDING + TOUCH + len(text) * LETTER)

    def pick(self, what, selector, *, option=None, value=None):
        if option is None:
            self.page.fill(selector, value)
        else:
            self.page.select_option(selector, **option)
        self._did(f"pick {what}", DECIDING + PICKING)

    def _did(self, what, seconds):
        self.steps.append((what, seconds))
        self.page.screenshot(path=self.folder / f"{len(self.steps):02} {what.replace(':', '')}.png")

    @property
    def seconds(self):
        """What the steps take a person who has decided what to enter, without reading the page."""
        return sum(seconds for _what, seconds in self.steps)

    def told(self, task):
        waited = time.monotonic() - self.began
        return f"{len(self.steps):>3} steps, {self.seconds:3.0f} s of a hand  {task} (the machine took {waited:.0f} s)"
