// Healthy: documents are parsed and forgotten, in bursts with pauses.
const text = JSON.stringify(
  Array.from({ length: 4000 }, (_, id) => ({ id, name: `name ${id}`, tags: ['a', 'b', 'c'] })),
);
let turn = 0;
setInterval(() => {
  turn += 1;
  if (turn % 60 > 40) return;
  const rows = JSON.parse(text);
  if (rows.length !== 4000) throw new Error('parsed wrongly');
}, 250);
