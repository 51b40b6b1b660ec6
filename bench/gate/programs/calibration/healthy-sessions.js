// Healthy: sessions are removed 100 seconds after their last use, beside garbage of requests.
const sessions = new Map();
let number = 0;
setInterval(() => {
  const now = Date.now();
  for (let i = 0; i < 5; i += 1) {
    number += 1;
    sessions.set(number, { used: now, cart: Array.from({ length: 150 }, (_, item) => ({ item, number })) });
  }
  for (const [id, { used }] of sessions) if (used < now - 100_000) sessions.delete(id);
  JSON.stringify([...sessions.values()].slice(0, 50));
}, 250);
