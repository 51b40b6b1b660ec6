// Leaks: a cache by address has no bound, and addresses have a number of their own.
const cache = new Map();
let visits = 0;
function render(address) {
  const known = cache.get(address);
  if (known !== undefined) return known;
  const html = `<p>${address}</p>`.repeat(50);
  cache.set(address, { html, words: html.split('>'), at: Date.now() });
  return cache.get(address);
}
setInterval(() => {
  for (let i = 0; i < 4; i += 1) {
    visits += 1;
    render(`/item?visit=${visits}`);
    render(`/item?kind=${visits % 10}`);
  }
}, 300);
