// The clip with onnxruntime-node, as JavaScript programs do it that have no native library for pictures: one loop over
// the pixels into a Float32Array (letterbox, bilinear), the model with the session's own defaults, a loop over its rows,
// and suppression of doubles. The array is made once, which is kinder than most; many make one for every picture.
//
//   node onnxruntime.js FRAMES MODEL.onnx
'use strict';
const { readFrames, serve } = require('./serve.js');
const ort = require('onnxruntime-node');

const SIZE = 512;
const LOW_SCORE = 0.1;
const OVERLAP = 0.4;
const input = new Float32Array(SIZE * SIZE * 3);

function preprocess({ data, width, height }) {
  const scale = Math.min(SIZE / width, SIZE / height);
  const fittedWidth = Math.round(width * scale);
  const fittedHeight = Math.round(height * scale);
  const left = Math.floor((SIZE - fittedWidth) / 2);
  const top = Math.floor((SIZE - fittedHeight) / 2);
  for (let y = 0; y < fittedHeight; y++) {
    const sourceY = Math.min(Math.max((y + 0.5) / scale - 0.5, 0), height - 1);
    const y0 = Math.floor(sourceY);
    const y1 = Math.min(y0 + 1, height - 1);
    const wy = sourceY - y0;
    for (let x = 0; x < fittedWidth; x++) {
      const sourceX = Math.min(Math.max((x + 0.5) / scale - 0.5, 0), width - 1);
      const x0 = Math.floor(sourceX);
      const x1 = Math.min(x0 + 1, width - 1);
      const wx = sourceX - x0;
      const a = (y0 * width + x0) * 3;
      const b = (y0 * width + x1) * 3;
      const c = (y1 * width + x0) * 3;
      const d = (y1 * width + x1) * 3;
      const at = ((y + top) * SIZE + x + left) * 3;
      for (let k = 0; k < 3; k++) {
        const upper = data[a + k] + (data[b + k] - data[a + k]) * wx;
        const lower = data[c + k] + (data[d + k] - data[c + k]) * wx;
        input[at + k] = upper + (lower - upper) * wy;
      }
    }
  }
  return { scale, left, top };
}

function intersectionOverUnion(a, b) {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (a.width * a.height + b.width * b.height - width * height);
}

function postprocess(rows, { scale, left, top }, { width, height }) {
  const clamp = (value, most) => Math.min(Math.max(value, 0), most);
  const found = [];
  for (let i = 0; i < rows.length; i += 6) {
    const [x1, y1, x2, y2, score, label] = rows.subarray(i, i + 6);
    if (score < LOW_SCORE) continue;
    const [x, y] = [clamp((x1 - left) / scale, width), clamp((y1 - top) / scale, height)];
    found.push({
      x, y, width: clamp((x2 - left) / scale, width) - x, height: clamp((y2 - top) / scale, height) - y, score, class: label,
    });
  }
  found.sort((a, b) => b.score - a.score);
  const kept = [];
  for (const box of found) {
    if (!kept.some((k) => k.class === box.class && intersectionOverUnion(k, box) > OVERLAP)) kept.push(box);
  }
  return kept;
}

async function main() {
  const [frames, model] = process.argv.slice(2);
  const session = await ort.InferenceSession.create(model, { logSeverityLevel: 3 });
  async function detect(picture) {
    const place = preprocess(picture);
    const feeds = { [session.inputNames[0]]: new ort.Tensor('float32', input, [1, SIZE, SIZE, 3]) };
    const results = await session.run(feeds);
    return postprocess(results[session.outputNames[0]].data, place, picture);
  }
  await serve(`onnxruntime-node ${require('onnxruntime-node/package.json').version}, default threads`, readFrames(frames), detect);
}

main();
