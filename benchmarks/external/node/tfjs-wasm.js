// The clip with TensorFlow.js' wasm backend and the model as it was published, preprocessed and decoded step by step as
// @vladmandic/human does (src/object/centernet.ts, its default thresholds): squashed to the model's input by
// tf.image.resizeBilinear, boxes reordered and suppressed by tf.image. In Node.js the backend has SIMD and no threads
// (WASM_HAS_MULTITHREAD_SUPPORT is false there, tensorflow/tfjs issue 3830).
//
//   node tfjs-wasm.js FRAMES MODEL.json
'use strict';
const { readFrames, serve } = require('./serve.js');
const fs = require('node:fs');
const path = require('node:path');
const tf = require('@tensorflow/tfjs-core');
const { loadGraphModel } = require('@tensorflow/tfjs-converter');
const { setWasmPaths } = require('@tensorflow/tfjs-backend-wasm');

const SIZE = 512;
const MOST = 10;
const OVERLAP = 0.4;
const SCORE = 0.2;

function fromFile(file) {
  return {
    load: async () => {
      const { modelTopology, weightsManifest, ...rest } = JSON.parse(fs.readFileSync(file, 'utf8'));
      const weights = weightsManifest.flatMap((group) => group.paths.map((name) => fs.readFileSync(path.join(path.dirname(file), name))));
      return {
        ...rest, modelTopology, weightSpecs: weightsManifest.flatMap((group) => group.weights), weightData: new Uint8Array(Buffer.concat(weights)).buffer,
      };
    },
  };
}

async function decode(detections, { width, height }) {
  const rows = (await detections.array())[0];
  const squeezed = tf.squeeze(detections);
  const columns = tf.split(squeezed, 6, 1); // x1, y1, x2, y2, score, class
  const stacked = tf.stack([columns[1], columns[0], columns[3], columns[2]], 1);
  const boxes = tf.squeeze(stacked);
  const scores = tf.squeeze(columns[4]);
  const kept = await tf.image.nonMaxSuppressionAsync(boxes, scores, MOST, OVERLAP, SCORE);
  const found = Array.from(await kept.data(), (i) => {
    const [x1, y1, x2, y2, score, label] = rows[i];
    return {
      x: (x1 / SIZE) * width, y: (y1 / SIZE) * height, width: ((x2 - x1) / SIZE) * width, height: ((y2 - y1) / SIZE) * height, score, class: label,
    };
  });
  tf.dispose([squeezed, ...columns, stacked, boxes, scores, kept]);
  return found;
}

async function main() {
  const [frames, file] = process.argv.slice(2);
  setWasmPaths(path.join(path.dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json')), 'dist', path.sep));
  await tf.setBackend('wasm');
  const model = await loadGraphModel(fromFile(file));
  async function detect(picture) {
    const detections = tf.tidy(() => {
      const pixels = tf.cast(tf.tensor(picture.data, [picture.height, picture.width, 3], 'int32'), 'float32');
      return model.execute(tf.image.resizeBilinear(tf.expandDims(pixels, 0), [SIZE, SIZE]), ['tower_0/detections']);
    });
    const found = await decode(detections, picture);
    tf.dispose(detections);
    return found;
  }
  const [simd, threads] = await Promise.all(['SIMD', 'MULTITHREAD'].map((flag) => tf.env().getAsync(`WASM_HAS_${flag}_SUPPORT`)));
  const features = `${simd ? 'SIMD' : 'no SIMD'}, ${threads ? 'threads' : '1 thread'}`;
  await serve(`TensorFlow.js ${tf.version_core}, wasm backend, ${features}`, readFrames(frames), detect);
}

main();
