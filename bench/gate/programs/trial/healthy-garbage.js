// Healthy: trees of objects are made and dropped all the time, so that memory is a saw-tooth.
function tree(depth) {
  return depth === 0 ? { leaf: true } : { left: tree(depth - 1), right: tree(depth - 1), depth };
}
let kept = tree(10);
setInterval(() => {
  kept = tree(10 + Math.floor(Math.random() * 4));
  if (kept.leaf) throw new Error('too small');
}, 200);
