// What OpenCV takes for three jobs of ours, as people write them with it. Beside the benchmarks, over pipes:
//
//   opencv-baseline blob   FRAMES WIDTH HEIGHT             cv::dnn::blobFromImage: squashed, RGB planes, 0 to 1
//   opencv-baseline resize FRAMES WIDTH HEIGHT             cv::resize, cvtColor, convertTo: letterboxed, RGB interleaved, 0 to 255
//   opencv-baseline dnn    FRAMES WIDTH HEIGHT MODEL.onnx  the same at -1 to 1, then cv::dnn::Net::forward
//
// Says "ready ..." once it is warm, then answers each line of its input with one line: "round N" with the milliseconds
// that a picture took in one pass over the first N, "tensor FILE" and "output FILE" once the first picture's input tensor, or
// the model's answers to it, lie in the file as float32. FRAMES is written by the benchmarks: width, height and count as
// little-endian int32, then the pictures, BGR as OpenCV's own readers give them.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>

namespace {

using Floats = std::vector<cv::Mat>;

// A baseline: what is timed, and where its results lie afterwards.
struct Job {
    std::string description;
    std::function<void(const cv::Mat& picture)> run;
    std::function<Floats()> tensor;
    std::function<Floats()> output;
};

std::vector<cv::Mat> readFrames(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::int32_t header[3] = {};
    file.read(reinterpret_cast<char*>(header), sizeof header);
    std::vector<cv::Mat> pictures;
    for (std::int32_t i = 0; file && i < header[2]; i++) {
        pictures.emplace_back(header[1], header[0], CV_8UC3);
        file.read(reinterpret_cast<char*>(pictures.back().data), static_cast<std::streamsize>(pictures.back().total() * 3));
    }
    if (!file || pictures.empty()) throw std::runtime_error(path + " holds no pictures");
    return pictures;
}

Job blob(cv::Size size) {
    cv::setNumThreads(1);
    auto tensor = std::make_shared<cv::Mat>();
    return {"blobFromImage, 1 thread",
            [tensor, size](const cv::Mat& picture) {
                cv::dnn::blobFromImage(picture, *tensor, 1 / 255.0, size, cv::Scalar(), /* swapRB */ true, /* crop */ false, CV_32F);
            },
            [tensor] { return Floats{*tensor}; },
            {}};
}

// The three calls, each into memory that stays, the last one straight into its place in the tensor.
class Letterbox {
public:
    Letterbox(cv::Size size, double scale, double offset)
        : tensor_(size, CV_32FC3, cv::Scalar::all(offset)), scale_(scale), offset_(offset) {}

    void fill(const cv::Mat& picture) {
        const double factor = std::min(tensor_.cols / double(picture.cols), tensor_.rows / double(picture.rows));
        const cv::Size fitted(cvRound(picture.cols * factor), cvRound(picture.rows * factor));
        cv::Mat inside = tensor_(cv::Rect((tensor_.cols - fitted.width) / 2, (tensor_.rows - fitted.height) / 2, fitted.width, fitted.height));
        cv::resize(picture, resized_, fitted, 0, 0, cv::INTER_LINEAR);
        cv::cvtColor(resized_, rgb_, cv::COLOR_BGR2RGB);
        rgb_.convertTo(inside, CV_32F, scale_, offset_);
    }

    cv::Mat& tensor() { return tensor_; }

private:
    cv::Mat tensor_, resized_, rgb_;
    double scale_, offset_;
};

Job resize(cv::Size size) {
    cv::setNumThreads(1);
    auto letterbox = std::make_shared<Letterbox>(size, 1, 0);
    return {"resize, cvtColor, convertTo, 1 thread",
            [letterbox](const cv::Mat& picture) { letterbox->fill(picture); },
            [letterbox] { return Floats{letterbox->tensor()}; },
            {}};
}

Job dnn(cv::Size size, const std::string& model) {
    struct State {
        Letterbox letterbox;
        cv::dnn::Net net;
        std::vector<std::string> names;
        Floats outputs;
    };
    auto net = cv::dnn::readNetFromONNX(model);
    auto state = std::make_shared<State>(State{{size, 1 / 127.5, -1}, net, net.getUnconnectedOutLayersNames(), {}});
    return {"DNN module, " + std::to_string(cv::getNumThreads()) + " threads",
            [state](const cv::Mat& picture) {
                state->letterbox.fill(picture);
                cv::Mat& tensor = state->letterbox.tensor();
                state->net.setInput(cv::Mat({1, tensor.rows, tensor.cols, 3}, CV_32F, tensor.data));
                state->net.forward(state->outputs, state->names);
            },
            [state] { return Floats{state->letterbox.tensor()}; },
            [state] { return state->outputs; }};
}

Job jobOf(const std::vector<std::string>& arguments) {
    const auto& name = arguments.at(0);
    const cv::Size size(std::stoi(arguments.at(2)), std::stoi(arguments.at(3)));
    if (name == "blob") return blob(size);
    if (name == "resize") return resize(size);
    if (name == "dnn") return dnn(size, arguments.at(4));
    throw std::runtime_error("no job is called " + name);
}

void write(const Floats& tensors, const std::string& path) {
    std::ofstream file(path, std::ios::binary);
    for (const auto& tensor : tensors)
        file.write(reinterpret_cast<const char*>(tensor.data), static_cast<std::streamsize>(tensor.total() * tensor.elemSize()));
    if (!file.flush()) throw std::runtime_error(path + " cannot be written");
}

double round(const Job& job, const std::vector<cv::Mat>& pictures, std::size_t count) {
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < count; i++) job.run(pictures[i % pictures.size()]);
    const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - start;
    return time.count() / static_cast<double>(count);
}

void serve(const Job& job, const std::vector<cv::Mat>& pictures) {
    round(job, pictures, pictures.size());
    std::cout << "ready OpenCV " << cv::getVersionString() << ", " << job.description << std::endl;
    for (std::string line, word, argument; std::getline(std::cin, line);) {
        std::istringstream(line) >> word >> argument;
        if (word == "round") {
            std::cout << round(job, pictures, std::stoul(argument)) << std::endl;
            continue;
        }
        job.run(pictures.front());
        write(word == "tensor" ? job.tensor() : job.output(), argument);
        std::cout << "written" << std::endl;
    }
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const std::vector<std::string> arguments(argv + 1, argv + argc);
        serve(jobOf(arguments), readFrames(arguments.at(1)));
        return EXIT_SUCCESS;
    } catch (const std::exception& e) {
        // OpenCV's messages have several lines; the benchmarks give the last line as their reason.
        std::string reason = e.what();
        std::replace(reason.begin(), reason.end(), '\n', ' ');
        std::cerr << reason << std::endl;
        return EXIT_FAILURE;
    }
}
