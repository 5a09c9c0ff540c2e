namespace EdgePerception.Fusion.Inference;

/// <summary>
/// How a model's outputs are turned into what is seen. Boxes are in input pixels unless a family says otherwise. What a
/// family's manifest must say stands in <see cref="ModelFamily"/>.
/// </summary>
public enum DecoderFamily
{
    /// <summary>
    /// CenterNet with its peak picking in the graph (Zhou et al. 2019, "Objects as Points"): one output [n, k, 6] of
    /// rows x1, y1, x2, y2, score, class.
    /// </summary>
    Centernet,

    /// <summary>
    /// YOLO as Ultralytics exports it without suppression in the graph. Output [n, 4 + labels, rows] (v8, v9, v11), the
    /// same transposed or, with an objectness behind the box, [n, rows, 5 + labels] (v5, v7): centre x, centre y,
    /// width, height, probabilities. A second output [n, m, h, w] of mask prototypes adds m coefficients behind the
    /// classes.
    /// </summary>
    Yolo,

    /// <summary>
    /// YOLO that ends with boxes picked in the graph (v8 and later exported with nms=True, YOLOv10 and other end-to-end
    /// models): output [n, k, 6] of rows x1, y1, x2, y2, score, class, zeros where fewer were found; [n, k, 6 + m] with
    /// a second output of m mask prototypes as in <see cref="Yolo"/>.
    /// </summary>
    YoloNms,

    /// <summary>
    /// NanoDet (Lyu 2020): for each feature map an output [n, cells, labels] of probabilities and one [n, cells, 4 ·
    /// bins], a distribution over the distance of each side from the cell's centre in strides; or, as NanoDet-Plus is
    /// exported, one output [n, cells, labels + 4 · bins] over all maps, from the cells' corners.
    /// </summary>
    Nanodet,

    /// <summary>
    /// DETR (Carion et al. 2020): outputs logits [n, queries, labels + 1], the last class meaning nothing, and boxes
    /// [n, queries, 4], centre x, centre y, width, height as shares of the input. A second input may be the int64 mask
    /// of its pixels. Hugging Face's COCO models count 91 labels, with unused ones between.
    /// </summary>
    Detr,

    /// <summary>
    /// RT-DETR (Zhao et al. 2023) and its kind, in three forms told apart by the number of outputs. Two: logits
    /// [n, queries, labels], a sigmoid each, and boxes as in <see cref="Detr"/> (Hugging Face). Three: int64 labels [n,
    /// k], boxes [n, k, 4] by two corners, scores [n, k], with a second input [n, 2] of int64, width and height (the
    /// authors' export). One: [n, queries, 4 + labels] of box shares and probabilities (Ultralytics).
    /// </summary>
    RtDetr,

    /// <summary>
    /// Detectors that pick their boxes in the graph and give them in three outputs: boxes [k, 4], labels [k], scores
    /// [k], in this order, each perhaps behind an axis of length 1, k perhaps free; a fourth output of one number says
    /// how many of k count. Torchvision's, SSD, TensorFlow's Object Detection API. The manifest's boxes say how they
    /// are given; labels count from 0, so that the first one is the background where the model counts from 1.
    /// </summary>
    BoxesLabelsScores,

    /// <summary>
    /// OWL-ViT and OWLv2 (Minderer et al. 2022, 2023): boxes for words. Inputs, in the manifest's order: one image,
    /// token ids [words, length] and attention mask [words, length], both int64; outputs logits [1, boxes, words] and
    /// boxes [1, boxes, 4] as in <see cref="Detr"/>. The manifest's shape of the ids says how many words one run may
    /// look for.
    /// </summary>
    OwlVit,

    /// <summary>
    /// A classifier: one output [n, classes] of probabilities, or of logits where the manifest's scores say so.
    /// </summary>
    Classifier,

    /// <summary>
    /// MoveNet single pose (Votel and Li 2021): output [n, 1, 17, 3] of y, x as shares of the input, and score.
    /// </summary>
    Movenet,

    /// <summary>
    /// BlazeFace (Bazarevsky et al. 2019), MediaPipe's front and back models: outputs score logits [n, anchors, 1],
    /// then boxes [n, anchors, 16] of centre x, y, width, height and six key points x, y, in input pixels from the
    /// anchor; each in one tensor of 896 anchors, or one of 512 and one of 384 for the two feature maps.
    /// </summary>
    Blazeface,

    /// <summary>
    /// Text detection by differentiable binarization (Liao et al. 2020), as in PP-OCR: output [n, 1, h, w] of the
    /// probability that a pixel of the input belongs to text. Pixels count from the low score, regions from the score.
    /// </summary>
    TextDetection,

    /// <summary>
    /// Text recognition with CTC (Graves et al. 2006), as in PP-OCR: a line of text in, its width free or fixed; output
    /// [n, steps, characters] of probabilities or logits, blank first.
    /// </summary>
    TextRecognition,

    /// <summary>The image tower of a dual encoder such as CLIP (Radford et al. 2021): output [n, d].</summary>
    ImageEmbedding,

    /// <summary>
    /// The text tower of a dual encoder: token ids [n, length] in, int32 or int64, and an attention mask of the same
    /// shape where the export has one; output [n, d].
    /// </summary>
    TextEmbedding,

    /// <summary>
    /// A sentence encoder such as MiniLM (Wang et al. 2020; Reimers and Gurevych 2019): int32 ids of BERT's word pieces
    /// [n, length] in, 0 where a text has ended; outputs [n, d] of length one, and [n, layers, d], the mean of the
    /// hidden states after each layer.
    /// </summary>
    SentenceEmbedding,

    /// <summary>
    /// The attention model that grounds commands: ids of words, labels and sounds, numbers of objects and sounds, masks
    /// and qualities in; scores of the objects for each role, the intent, the gates and the attention out.
    /// models/grounding/README.md has the tensors.
    /// </summary>
    Grounding,
}
