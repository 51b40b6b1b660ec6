// Leaks: promises of requests that nobody answers stay in a map by their number.
const unanswered = new Map();
let number = 0;
setInterval(() => {
  for (let i = 0; i < 6; i += 1) {
    number += 1;
    const body = JSON.stringify({ number, text: 'x'.repeat(3000 + (number % 7) * 100) });
    void new Promise((resolve) => {
      unanswered.set(number, { resolve, body, headers: new Array(60).fill(number) });
    }).then(() => undefined);
  }
}, 200);
