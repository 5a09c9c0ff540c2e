// The pictures, and the conversation with the benchmarks: the same as opencv/baseline.cpp has.
'use strict';
const fs = require('node:fs');
const readline = require('node:readline');

// Whatever goes wrong is one line, which the benchmarks give as their reason; a missing package, too.
process.on('uncaughtException', (e) => {
  process.stderr.write(`${String(e.message).split('\n')[0]}\n`, () => process.exit(1));
});

// RGB, as JavaScript's decoders give pictures; the file holds BGR.
function readFrames(path) {
  const file = fs.readFileSync(path);
  const [width, height, count] = [0, 4, 8].map((at) => file.readInt32LE(at));
  const size = width * height * 3;
  return Array.from({ length: count }, (_, i) => {
    const data = new Uint8Array(file.subarray(12 + i * size, 12 + (i + 1) * size));
    for (let p = 0; p < size; p += 3) [data[p], data[p + 2]] = [data[p + 2], data[p]];
    return { data, width, height };
  });
}

// detect(picture) answers a list of { x, y, width, height, score, class }; its rows go into the file of "output FILE".
async function serve(description, pictures, detect) {
  async function round(count) {
    const start = performance.now();
    for (const picture of pictures.slice(0, count)) await detect(picture);
    return (performance.now() - start) / count;
  }

  await round(10);
  process.stdout.write(`ready ${description}, Node.js ${process.versions.node}\n`);
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [word, argument] = line.split(' ');
    if (word === 'round') {
      process.stdout.write(`${await round(Number(argument))}\n`);
      continue;
    }
    const found = await detect(pictures[0]);
    fs.writeFileSync(argument, new Float32Array(found.flatMap((d) => [d.x, d.y, d.width, d.height, d.score, d.class])));
    process.stdout.write('written\n');
  }
}

module.exports = { readFrames, serve };
