// On a phone the sessions do not all fit beside each other: the one of this register comes into sight. Only their row is
// moved; the page stays where the browser has put it.
const row = document.querySelector(".ob-roll__sessions");
const current = row?.querySelector("[aria-current]");

if (current) {
  const middle = (element) => element.getBoundingClientRect().left + element.clientWidth / 2;
  row.scrollBy({ left: middle(current) - middle(row), behavior: "instant" });
}
