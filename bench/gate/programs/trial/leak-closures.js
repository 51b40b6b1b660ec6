// Leaks: each new handler shares a scope with one that mentions the handler before it, so that all of them stay.
let current = null;
function replace() {
  const before = current;
  const unused = () => before === null;
  current = {
    text: new Array(30_000).join('*'),
    numbers: new Float64Array(4000),
    handle() {
      return 1;
    },
  };
  return unused.length;
}
setInterval(replace, 250);
