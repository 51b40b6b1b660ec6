// Healthy: a model of 25 MB is loaded when it is first needed, after four minutes.
let model;
let turn = 0;
setInterval(() => {
  turn += 1;
  if (turn > 1200) model ??= Array.from({ length: 400_000 }, (_, weight) => ({ weight }));
  JSON.parse(JSON.stringify(Array.from({ length: 300 }, (_, n) => ({ n, known: model !== undefined }))));
}, 200);
