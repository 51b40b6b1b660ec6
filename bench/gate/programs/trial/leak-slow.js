// Leaks: 20 kB of statistics a second stay, beside 20 MB a second of garbage.
const statistics = [];
let turn = 0;
setInterval(() => {
  turn += 1;
  const rows = Array.from({ length: 20_000 }, (_, id) => ({ id, turn }));
  if (rows.length > 0) statistics.push(rows.slice(0, 80).map(({ id }) => ({ key: `${turn}-${id}`, count: id })));
}, 400);
