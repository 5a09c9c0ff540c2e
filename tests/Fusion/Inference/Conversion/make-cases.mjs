// Writes operations.json: small graphs of TensorFlow.js, an operation or a few each, with what TensorFlow.js itself answers.
//   npm install @tensorflow/tfjs@4.22.0 && node make-cases.mjs > operations.json
import * as tf from '@tensorflow/tfjs';

await tf.setBackend('cpu');

// The same numbers in every run (mulberry32).
let state = 7;
function random() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}

const count = (shape) => shape.reduce((a, b) => a * b, 1);
const floats = (shape, from = -2, to = 2) => ({ dtype: 'float32', shape,
  values: Array.from({ length: count(shape) }, () => Math.fround(from + (to - from) * random())) });
const integers = (values, shape = [values.length]) => ({ dtype: 'int32', shape, values });
const scalar = (value, dtype = 'int32') => ({ dtype, shape: [], values: [value] });
const TYPES = { float32: 'DT_FLOAT', int32: 'DT_INT32', bool: 'DT_BOOL' };

const text = (value) => ({ s: Buffer.from(value).toString('base64') });
const flag = (value) => ({ b: value });
const number = (value) => ({ f: value });
const integer = (value) => ({ i: String(value) });
const list = (values) => ({ list: { i: values.map(String) } });
const texts = (values) => ({ list: { s: values.map((value) => Buffer.from(value).toString('base64')) } });
const type = (value) => ({ type: value });

const cases = [];

// inputs and weights: name -> tensor; nodes: [name, operation, inputs, attributes]; the last node is asked for.
async function add(name, inputs, weights, nodes, outputs = [nodes.at(-1)[0]]) {
  const given = (tensors, op) => Object.entries(tensors).map(([key, tensor]) => ({ name: key, op, attr: {
    dtype: type(TYPES[tensor.dtype]),
    ...(op === 'Placeholder' ? { shape: { shape: { dim: tensor.shape.map((size) => ({ size: String(size) })) } } } : {}) } }));
  const graph = { versions: { producer: 1, minConsumer: 1 }, node: [...given(inputs, 'Placeholder'), ...given(weights, 'Const'),
    ...nodes.map(([node, op, sources, attr = {}]) => ({ name: node, op, input: sources, attr }))] };
  const specs = Object.entries(weights).map(([key, { dtype, shape }]) => ({ name: key, dtype, shape }));
  const data = Buffer.concat(Object.values(weights).map(({ dtype, values }) => Buffer.from(
    (dtype === 'bool' ? Uint8Array : dtype === 'int32' ? Int32Array : Float32Array).from(values).buffer)));
  const model = await tf.loadGraphModel(tf.io.fromMemory({ modelTopology: graph, weightSpecs: specs,
    weightData: data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength), format: 'graph-model' }));
  const tensors = Object.fromEntries(Object.entries(inputs).map(([key, { values, shape, dtype }]) =>
    [key, tf.tensor(values, shape, dtype)]));
  const answers = [model.execute(tensors, outputs)].flat();
  cases.push({ name, inputs, graph, weights: specs, data: data.toString('base64'),
    outputs: outputs.map((output, index) => ({ name: output, dtype: answers[index].dtype, shape: answers[index].shape,
      values: Array.from(answers[index].dataSync(), Number) })) });
}

const conv = (more) => ({ strides: list([1, 1, 1, 1]), dilations: list([1, 1, 1, 1]), padding: text('SAME'),
  data_format: text('NHWC'), ...more });

// Convolutions and what is fused into them.
for (const padding of ['SAME', 'VALID']) {
  for (const stride of [1, 2]) {
    for (const [op, filter] of [['Conv2D', [3, 3, 3, 4]], ['DepthwiseConv2dNative', [3, 3, 3, 2]], ['Conv2D', [2, 2, 3, 4]]]) {
      await add(`${op} ${filter.join('x')} ${padding} stride ${stride}`, { x: floats([1, 7, 6, 3]) }, { w: floats(filter) },
        [['y', op, ['x', 'w'], conv({ padding: text(padding), strides: list([1, stride, stride, 1]) })]]);
    }
    await add(`Conv2DBackpropInput ${padding} stride ${stride}`, { x: floats([1, 4, 3, 2]) },
      { w: floats([3, 3, 4, 2]), size: integers(padding === 'SAME' ? [1, 4 * stride, 3 * stride, 4]
        : [1, 3 * stride + 3, 2 * stride + 3, 4]) },
      [['y', 'Conv2DBackpropInput', ['size', 'w', 'x'], conv({ padding: text(padding), strides: list([1, stride, stride, 1]) })]]);
    for (const op of ['MaxPool', 'AvgPool']) {
      await add(`${op} ${padding} stride ${stride}`, { x: floats([1, 7, 6, 3]) }, {}, [['y', op, ['x'],
        { ksize: list([1, 3, 3, 1]), strides: list([1, stride, stride, 1]), padding: text(padding), data_format: text('NHWC') }]]);
    }
  }
}
for (const op of ['Conv2D', 'DepthwiseConv2dNative']) {
  await add(`${op} dilated`, { x: floats([1, 8, 8, 3]) }, { w: floats([3, 3, 3, op === 'Conv2D' ? 2 : 1]) },
    [['y', op, ['x', 'w'], conv({ dilations: list([1, 2, 2, 1]) })]]);
}
await add('Conv2D explicit pads', { x: floats([1, 5, 5, 2]) }, { w: floats([3, 3, 2, 2]) },
  [['y', 'Conv2D', ['x', 'w'], conv({ padding: text('EXPLICIT'), explicit_paddings: list([0, 0, 1, 0, 0, 2, 0, 0]) })]]);
for (const [op, filter] of [['_FusedConv2D', [1, 1, 3, 4]], ['FusedDepthwiseConv2dNative', [3, 3, 3, 1]]]) {
  const channels = op === '_FusedConv2D' ? 4 : 3;
  for (const activation of [[], ['Relu'], ['Relu6'], ['Elu'], ['Prelu'], ['LeakyRelu']]) {
    // It answers NaN there itself.
    if (op === 'FusedDepthwiseConv2dNative' && activation[0] === 'LeakyRelu') continue;
    await add(`${op} ${activation.join('') || 'BiasAdd'}`, { x: floats([1, 4, 5, 3], -5, 5) },
      { w: floats(filter), b: floats([channels]), ...(activation[0] === 'Prelu' ? { a: floats([channels], 0, 1) } : {}) },
      [['y', op, ['x', 'w', 'b', ...(activation[0] === 'Prelu' ? ['a'] : [])], conv({
        fused_ops: texts(['BiasAdd', ...activation]), num_args: integer(activation[0] === 'Prelu' ? 2 : 1),
        ...(activation[0] === 'LeakyRelu' ? { leakyrelu_alpha: number(0.25) } : {}) })]]);
  }
}
for (const op of ['ResizeBilinear', 'ResizeNearestNeighbor']) {
  for (const [corners, half] of [[false, false], [true, false], [false, true]]) {
    for (const size of [[8, 6], [7, 9], [2, 2]]) {
      await add(`${op} to ${size.join('x')}${corners ? ' corners' : half ? ' half pixels' : ''}`, { x: floats([1, 4, 3, 2]) },
        { size: integers(size) }, [['y', op, ['x', 'size'], { align_corners: flag(corners), half_pixel_centers: flag(half) }]]);
    }
  }
}
await add('DepthToSpace', { x: floats([1, 2, 3, 8]) }, {}, [['y', 'DepthToSpace', ['x'], { block_size: integer(2), data_format: text('NHWC') }]]);

// Element by element.
for (const op of ['Abs', 'Ceil', 'Cos', 'Elu', 'Exp', 'Floor', 'Identity', 'Neg', 'Reciprocal', 'Relu', 'Relu6', 'Selu', 'Sigmoid',
  'Sin', 'Softplus', 'Square', 'Tanh', 'ZerosLike']) {
  await add(op, { x: floats([2, 3, 4], op === 'Relu6' ? -9 : -3, op === 'Relu6' ? 9 : 3) }, {}, [['y', op, ['x']]]);
}
for (const op of ['Log', 'Rsqrt', 'Sqrt']) await add(op, { x: floats([2, 3], 0.1, 9) }, {}, [['y', op, ['x']]]);
await add('LeakyRelu', { x: floats([2, 3]) }, {}, [['y', 'LeakyRelu', ['x'], { alpha: number(0.1) }]]);
await add('Prelu', { x: floats([1, 2, 3, 4]) }, { a: floats([1, 1, 4], 0, 1) }, [['y', 'Prelu', ['x', 'a']]]);
await add('ClipByValue', { x: floats([3, 4]) }, { low: scalar(-0.5, 'float32'), high: scalar(1, 'float32') },
  [['y', 'ClipByValue', ['x', 'low', 'high']]]);
await add('Softmax', { x: floats([2, 3, 5]) }, {}, [['y', 'Softmax', ['x']]]);
await add('Cast to integers', { x: floats([6], -5, 5) }, {}, [['y', 'Cast', ['x'], { SrcT: type('DT_FLOAT'), DstT: type('DT_INT32') }]]);
await add('Cast to truth', { x: integers([0, 1, -2, 3]) }, {}, [['y', 'Cast', ['x'], { SrcT: type('DT_INT32'), DstT: type('DT_BOOL') }]]);
const shapes = [[[2, 3, 4], [4]], [[2, 1, 4], [3, 1]], [[2, 3, 4, 5], [1, 3, 1, 5]]];
for (const op of ['Add', 'AddV2', 'Sub', 'Mul', 'RealDiv', 'Maximum', 'Minimum', 'SquaredDifference', 'FloorDiv', 'FloorMod']) {
  for (const [a, b] of shapes) {
    await add(`${op} ${a.join('x')} and ${b.join('x')}`, { a: floats(a), b: floats(b, 0.3, 2) }, {}, [['y', op, ['a', 'b']]]);
  }
  await add(`${op} with a weight`, { a: floats([1, 2, 3, 4]) }, { b: floats([4], 0.3, 2) }, [['y', op, ['b', 'a']]]);
}
for (const op of ['Add', 'Sub', 'Mul', 'Maximum', 'Minimum', 'FloorDiv', 'FloorMod']) {
  await add(`${op} of integers`, { a: integers([7, -7, 8, -9, 5, -5]), b: integers([2, 2, -3, -4, 5, 3]) }, {}, [['y', op, ['a', 'b']]]);
}
await add('BiasAdd', { x: floats([1, 2, 2, 3]) }, { b: floats([3]) }, [['y', 'BiasAdd', ['x', 'b'], { data_format: text('NHWC') }]]);
await add('Pow', { a: floats([5], 0.1, 3) }, { b: scalar(1.5, 'float32') }, [['y', 'Pow', ['a', 'b']]]);
await add('AddN', { a: floats([2, 3]), b: floats([2, 3]), c: floats([2, 3]) }, {}, [['y', 'AddN', ['a', 'b', 'c']]]);
for (const op of ['Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual']) {
  await add(op, { a: integers([1, 2, 3, 4]), b: integers([4, 2, 1, 4]) }, {}, [['y', op, ['a', 'b']]]);
}
const truth = (values) => ({ dtype: 'bool', shape: [values.length], values });
for (const op of ['LogicalAnd', 'LogicalOr']) {
  await add(op, { a: truth([0, 0, 1, 1]), b: truth([0, 1, 0, 1]) }, {}, [['y', op, ['a', 'b']]]);
}
await add('LogicalNot', { a: truth([0, 1]) }, {}, [['y', 'LogicalNot', ['a']]]);
for (const op of ['Select', 'SelectV2']) {
  await add(op, { c: truth([0, 1, 1]), a: floats([3]), b: floats([3]) }, {}, [['y', op, ['c', 'a', 'b']]]);
}

// Shapes and places.
await add('Reshape', { x: floats([2, 3, 4]) }, { s: integers([4, -1]) }, [['y', 'Reshape', ['x', 's']]]);
await add('Reshape to one number', { x: floats([1, 1]) }, { s: { dtype: 'int32', shape: [0], values: [] } }, [['y', 'Reshape', ['x', 's']]]);
for (const perm of [[0, 3, 1, 2], [3, 1, 0, 2]]) {
  await add(`Transpose ${perm.join('')}`, { x: floats([2, 3, 4, 5]) }, { p: integers(perm) }, [['y', 'Transpose', ['x', 'p']]]);
}
await add('ExpandDims', { x: floats([2, 3]) }, { a: scalar(-1) }, [['y', 'ExpandDims', ['x', 'a']]]);
await add('Squeeze', { x: floats([2, 1, 3, 1]) }, {}, [['y', 'Squeeze', ['x'], { squeeze_dims: list([1]) }]]);
await add('Squeeze of all', { x: floats([2, 1, 3, 1]) }, {}, [['y', 'Squeeze', ['x'], { squeeze_dims: list([]) }]]);
const pads = { dtype: 'int32', shape: [4, 2], values: [0, 0, 1, 2, 0, 1, 0, 0] };
await add('Pad', { x: floats([1, 2, 3, 2]) }, { p: pads }, [['y', 'Pad', ['x', 'p']]]);
await add('PadV2', { x: floats([1, 2, 3, 2]) }, { p: pads, v: scalar(-7, 'float32') }, [['y', 'PadV2', ['x', 'p', 'v']]]);
await add('MirrorPad', { x: floats([1, 4, 3, 2]) }, { p: pads }, [['y', 'MirrorPad', ['x', 'p'], { mode: text('reflect') }]]);
await add('ConcatV2', { a: floats([2, 3]), b: floats([2, 1]) }, { axis: scalar(-1) }, [['y', 'ConcatV2', ['a', 'b', 'axis'], { N: integer(2) }]]);
await add('Pack', { a: floats([2, 3]), b: floats([2, 3]) }, {}, [['y', 'Pack', ['a', 'b'], { N: integer(2), axis: integer(1) }]]);
await add('Unpack', { x: floats([2, 3]) }, {}, [['u', 'Unpack', ['x'], { num: integer(3), axis: integer(1) }],
  ['y', 'Sub', ['u:2', 'u']]]);
await add('Split', { x: floats([2, 6]) }, { axis: scalar(1) }, [['s', 'Split', ['axis', 'x'], { num_split: integer(3) }],
  ['y', 'Sub', ['s:2', 's:1']]]);
await add('SplitV', { x: floats([2, 6]) }, { sizes: integers([1, 2, -1]), axis: scalar(1) },
  [['s', 'SplitV', ['x', 'sizes', 'axis'], { num_split: integer(3) }], ['y', 'Neg', ['s:2']]]);
const slice = (begin = 0, end = 0, shrink = 0, axis = 0) => ({ begin_mask: integer(begin), end_mask: integer(end),
  shrink_axis_mask: integer(shrink), new_axis_mask: integer(axis), ellipsis_mask: integer(0) });
for (const [what, b, e, s, masks] of [['part', [0, 1], [2, 3], [1, 1], slice()], ['back', [1, 3], [0, 0], [-1, -2], slice(0, 2)],
  ['open', [0, 1], [0, 0], [1, 2], slice(1, 3)], ['column', [0, -1], [0, 0], [1, 1], slice(1, 1, 2)]]) {
  await add(`StridedSlice ${what}`, { x: floats([3, 4]) }, { b: integers(b), e: integers(e), s: integers(s) },
    [['y', 'StridedSlice', ['x', 'b', 'e', 's'], masks]]);
}
await add('Slice', { x: floats([3, 4]) }, { b: integers([1, 0]), s: integers([-1, 2]) }, [['y', 'Slice', ['x', 'b', 's']]]);
await add('GatherV2', { x: floats([3, 4]) }, { i: integers([2, 0]), axis: scalar(1) }, [['y', 'GatherV2', ['x', 'i', 'axis']]]);
await add('GatherNd', { x: floats([3, 4]) }, { i: integers([2, 0, 1, 3], [2, 2]) }, [['y', 'GatherNd', ['x', 'i']]]);
await add('Tile', { x: floats([2, 3]) }, { n: integers([2, 1]) }, [['y', 'Tile', ['x', 'n']]]);
await add('Fill', { v: scalar(3.5, 'float32') }, { s: integers([2, 3]) }, [['y', 'Fill', ['s', 'v']]]);
await add('BroadcastTo', { x: floats([1, 3]) }, { s: integers([2, 3]) }, [['y', 'BroadcastTo', ['x', 's']]]);
await add('Shape', { x: floats([2, 3]) }, {}, [['s', 'Shape', ['x']], ['r', 'Reshape', ['x', 's']], ['y', 'Neg', ['r']]]);
await add('Size', { x: floats([2, 3]) }, { one: scalar(1) }, [['n', 'Size', ['x']], ['y', 'Cast', ['n'], { SrcT: type('DT_INT32'), DstT: type('DT_FLOAT') }],
  ['z', 'Add', ['x', 'y']]]);
await add('Range', { x: floats([4]) }, { from: scalar(0), to: scalar(4), step: scalar(1) },
  [['r', 'Range', ['from', 'to', 'step'], { Tidx: type('DT_INT32') }], ['f', 'Cast', ['r'], { SrcT: type('DT_INT32'), DstT: type('DT_FLOAT') }], ['y', 'Add', ['x', 'f']]]);
await add('TopKV2', { x: floats([2, 6]) }, { k: scalar(3) }, [['y', 'TopKV2', ['x', 'k'], { sorted: flag(true) }]], ['y', 'y:1']);
for (const op of ['ArgMax', 'ArgMin']) await add(op, { x: floats([3, 4]) }, { axis: scalar(1) }, [['y', op, ['x', 'axis']]]);
for (const op of ['Mean', 'Sum', 'Max', 'Min', 'Prod']) {
  await add(`${op} of height and width`, { x: floats([1, 3, 4, 2]) }, { a: integers([1, 2]) }, [['y', op, ['x', 'a'], { keep_dims: flag(true) }]]);
  await add(`${op} of the last axis`, { x: floats([2, 3, 4]) }, { a: integers([-1]) }, [['y', op, ['x', 'a'], { keep_dims: flag(false) }]]);
}
for (const [ta, tb] of [[false, false], [true, true]]) {
  await add(`MatMul${ta ? ' transposed' : ''}`, { a: floats(ta ? [3, 2] : [2, 3]) }, { b: floats(tb ? [4, 3] : [3, 4]) },
    [['y', 'MatMul', ['a', 'b'], { transpose_a: flag(ta), transpose_b: flag(tb) }]]);
}
await add('_FusedMatMul', { a: floats([2, 3]) }, { b: floats([3, 4]), c: floats([4]) },
  [['y', '_FusedMatMul', ['a', 'b', 'c'], { fused_ops: texts(['BiasAdd', 'Relu']), num_args: integer(1), transpose_a: flag(false), transpose_b: flag(false) }]]);
await add('BatchMatMulV2', { a: floats([2, 2, 3]), b: floats([2, 4, 3]) }, {}, [['y', 'BatchMatMulV2', ['a', 'b'], { adj_x: flag(false), adj_y: flag(true) }]]);
await add('SparseToDense', { x: floats([4]) }, { i: integers([1, 3], [2, 1]), s: integers([4]), v: { dtype: 'float32', shape: [2], values: [2, 5] }, d: scalar(0, 'float32') },
  [['w', 'SparseToDense', ['i', 's', 'v', 'd'], { validate_indices: flag(true) }], ['y', 'Mul', ['x', 'w']]]);

// Several in a row: the order of axes has to survive them all.
const nchw = { p: integers([0, 2, 3, 1]), q: integers([0, 3, 1, 2]) };
await add('a graph that came from PyTorch', { x: floats([1, 3, 6, 5]) },
  { ...nchw, w: floats([3, 3, 3, 4]), b: floats([4]), pads: { dtype: 'int32', shape: [4, 2], values: [0, 0, 0, 0, 1, 1, 1, 1] },
    v: floats([1, 1, 4, 6]), sizes: integers([2, 4]), axis: scalar(1), shape: integers([1, 4, 30]), r: integers([0, 2, 1]) },
  [['pad', 'Pad', ['x', 'pads']], ['t1', 'Transpose', ['pad', 'p']], ['c1', 'Conv2D', ['t1', 'w'], conv({ padding: text('VALID') })],
    ['a1', 'Add', ['c1', 'b']], ['t2', 'Transpose', ['a1', 'q']], ['l1', 'LeakyRelu', ['t2'], { alpha: number(0.1) }],
    ['t3', 'Transpose', ['l1', 'p']], ['c2', 'Conv2D', ['t3', 'v'], conv()], ['t4', 'Transpose', ['c2', 'q']],
    ['s', 'SplitV', ['t4', 'sizes', 'axis'], { num_split: integer(2) }], ['g', 'Sigmoid', ['s:1']],
    ['f', 'Reshape', ['g', 'shape']], ['y', 'Transpose', ['f', 'r']]]);
await add('an activation in two orders', { x: floats([1, 4, 4, 3]) }, { ...nchw, w: floats([1, 1, 3, 4]), v: floats([1, 4, 1, 1]) },
  [['c', 'Conv2D', ['x', 'w'], conv()], ['t', 'Transpose', ['c', 'q']], ['m', 'Mul', ['t', 'v']], ['k', 'Transpose', ['m', 'p']],
    ['y', 'Add', ['k', 'c']]]);
await add('a gate of one pixel', { x: floats([1, 4, 5, 3]) }, { w: floats([3, 3, 3, 4]), v: floats([1, 1, 4, 4]), a: integers([1, 2]) },
  [['c', 'Conv2D', ['x', 'w'], conv()], ['m', 'Mean', ['c', 'a'], { keep_dims: flag(true) }], ['g', 'Conv2D', ['m', 'v'], conv()],
    ['h', 'Sigmoid', ['g']], ['y', 'Mul', ['h', 'c']]]);
await add('flattened for a dense layer', { x: floats([1, 4, 4, 3]) }, { w: floats([3, 3, 3, 2]), s: integers([1, 32]), d: floats([32, 3]) },
  [['c', 'Conv2D', ['x', 'w'], conv()], ['f', 'Reshape', ['c', 's']], ['y', 'MatMul', ['f', 'd'], { transpose_a: flag(false), transpose_b: flag(false) }]]);

const rounded = (key, value) => (typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(8)) : value);
console.log(`{\n"tfjs": "${tf.version.tfjs}",\n"cases": [\n${cases.map((one) => JSON.stringify(one, rounded)).join(',\n')}\n]\n}`);
