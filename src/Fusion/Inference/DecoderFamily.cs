namespace EdgePerception.Fusion.Inference;

/// <summary>How a model's outputs are turned into what is seen. Boxes are in input pixels unless a family says otherwise.</summary>
public enum DecoderFamily
{
    /// <summary>
    /// CenterNet with its peak picking in the graph (Zhou et al. 2019, "Objects as Points"): one output [n, k, 6] of rows
    /// x1, y1, x2, y2, score, class.
    /// </summary>
    Centernet,

    /// <summary>
    /// YOLOv5, v8 and v11 as Ultralytics exports them, without suppression in the graph. Output [n, rows, 5 + classes]
    /// with an objectness (v5), or [n, 4 + classes, rows] without one (v8, v11): centre x, centre y, width, height. With a
    /// second output [n, m, h, w] of mask prototypes each row ends with m coefficients.
    /// </summary>
    Yolo,

    /// <summary>
    /// YOLO with suppression in the graph (export with nms=True, YOLOv10): output [n, k, 6] of rows x1, y1, x2, y2, score,
    /// class; with mask prototypes as in <see cref="Yolo"/>.
    /// </summary>
    YoloNms,

    /// <summary>
    /// DETR (Carion et al. 2020): outputs logits [n, queries, classes + 1], the last class meaning nothing, and boxes
    /// [n, queries, 4], centre x, centre y, width, height as shares of the picture.
    /// </summary>
    Detr,

    /// <summary>RT-DETR (Zhao et al. 2023): as <see cref="Detr"/>, with a sigmoid for each of [n, queries, classes].</summary>
    RtDetr,

    /// <summary>
    /// OWL-ViT and OWLv2 (Minderer et al. 2022, 2023): boxes for words. Inputs pixels, token ids, attention mask; outputs
    /// logits [n, boxes, words] and boxes as in <see cref="Detr"/>.
    /// </summary>
    OwlVit,

    /// <summary>A classifier: one output [n, classes] of logits or probabilities.</summary>
    Classifier,

    /// <summary>MoveNet single pose: output [n, 1, 17, 3] of y, x as shares of the input, and score.</summary>
    Movenet,

    /// <summary>BlazeFace (Bazarevsky et al. 2019): anchor-relative boxes with six key points, and scores.</summary>
    Blazeface,

    /// <summary>Text detection by differentiable binarization (Liao et al. 2020), as in PP-OCR: output [n, 1, h, w] of probabilities.</summary>
    TextDetection,

    /// <summary>Text recognition with CTC (Graves et al. 2006), as in PP-OCR: output [n, steps, characters] of probabilities, blank first.</summary>
    TextRecognition,

    /// <summary>The image tower of a dual encoder such as CLIP (Radford et al. 2021): output [n, d].</summary>
    ImageEmbedding,

    /// <summary>The text tower of a dual encoder: token ids in, output [n, d].</summary>
    TextEmbedding,
}

/// <summary>What the families have and lack.</summary>
public static class DecoderFamilies
{
    /// <summary>Whether the first input is a picture.</summary>
    public static bool TakesPicture(this DecoderFamily family) => family is not DecoderFamily.TextEmbedding;

    /// <summary>Whether the picture's width and height may be free, too.</summary>
    public static bool TakesAnySize(this DecoderFamily family) => family is DecoderFamily.TextDetection or DecoderFamily.TextRecognition;

    /// <summary>Whether answers are boxes of objects.</summary>
    public static bool FindsObjects(this DecoderFamily family) => family is DecoderFamily.Centernet;

    /// <summary>Whether answers name one of the manifest's labels.</summary>
    public static bool TellsClasses(this DecoderFamily family) => family is DecoderFamily.Centernet or DecoderFamily.Yolo
        or DecoderFamily.YoloNms or DecoderFamily.Detr or DecoderFamily.RtDetr or DecoderFamily.Classifier;
}
