// Leaks: 30 kB of history a second, beside much garbage.
const history = [];
let turn = 0;
setInterval(() => {
  turn += 1;
  const rows = Array.from({ length: 12_000 }, (_, id) => ({ id, text: `row ${id}` }));
  history.push(rows.filter(({ id }) => id % 150 === 0).map(({ text }) => `${turn} ${text}`));
}, 300);
