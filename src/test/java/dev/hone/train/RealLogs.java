package dev.hone.train;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The training logs of runs whose models got better: data set, loss and gradient norm of each
 * update, rounded.
 */
final class RealLogs {
  private static final Map<String, String> NAMES =
      Map.of("b", "biomedical", "f", "finance", "h", "healthcare", "l", "legal", "s", "scifact");

  /** The demo: MiniLM on 6,000 rows of WordNet in batches of 64, learning rate 1e-4. */
  private static final String DEMO =
      """
      b 1.730 8.98, h 1.775 8.19, b 2.033 8.52, l 2.201 9.57, h 1.898 8.79, f 1.851 8.54,
      b 2.254 9.41, h 2.029 8.74, b 1.880 9.14, h 1.478 9.05, b 1.944 8.84, l 2.223 9.26,
      h 1.647 9.03, b 1.896 8.91, f 1.704 8.01, h 1.480 8.22, b 1.917 9.44, b 2.261 9.13,
      h 1.650 8.99, l 1.838 8.59, b 1.977 8.88, h 1.644 8.46, f 1.614 8.00, b 1.764 8.97,
      h 1.699 8.35, b 1.734 9.00, l 1.522 7.85, h 1.533 8.62, b 1.493 8.20, h 1.623 8.42,
      b 2.079 9.56, f 1.725 8.39, h 1.608 8.71, b 1.356 8.52, l 1.784 8.73, h 1.101 7.55,
      b 1.861 8.61, b 1.228 7.47, h 1.514 8.92, b 1.508 7.97, f 1.719 8.39, h 1.633 8.17,
      l 1.873 8.93, b 2.027 9.02, h 0.823 7.04, b 1.703 8.43, h 1.555 7.74, b 1.170 7.07,
      l 1.632 8.54, h 1.146 7.59, f 1.389 7.38, b 1.328 8.60, h 1.318 7.62, b 1.615 8.27,
      b 1.626 8.46, h 1.495 7.66, l 1.636 8.31, b 1.413 8.26, h 1.367 8.72, f 1.142 6.55,
      b 1.579 8.58, h 1.623 8.15, b 1.535 8.12, h 1.558 7.93, l 1.886 8.70, b 1.588 8.81,
      h 1.672 8.57, b 1.240 7.16, f 1.636 8.33, h 1.210 7.68, b 1.652 8.63, l 1.715 8.21,
      h 1.303 7.53, b 1.592 8.10, b 1.350 8.11, h 1.389 7.71, f 1.734 7.57, b 1.484 7.93,
      h 1.295 7.77, l 1.557 7.93, b 1.578 8.42, h 1.456 9.43, b 1.960 9.16, h 1.243 8.05,
      b 1.386 7.69, f 1.597 8.05, h 1.324 7.84, l 1.336 7.93, b 1.979 8.52, h 1.520 8.28,
      b 1.823 9.06
      """;

  /** MiniLM on SciFact, one epoch at 5e-5, each row with a negative: at random, then mined. */
  private static final String SCIFACT =
      """
      s 0.748 8.29, s 0.750 8.43, s 0.422 6.05, s 0.738 7.70, s 0.472 7.55, s 0.416 6.24,
      s 0.430 7.76, s 0.529 8.29, s 0.404 5.48, s 0.520 8.72, s 0.323 5.98, s 0.358 7.71,
      s 0.378 7.05, s 0.604 7.56, s 0.366 6.24, s 0.588 8.28, s 0.357 7.03, s 0.253 7.00,
      s 0.317 5.77, s 0.721 8.56, s 0.330 6.09, s 0.216 5.14, s 0.247 4.94, s 0.188 4.71,
      s 0.243 6.34, s 0.308 5.45, s 0.192 4.37, s 0.230 4.95, s 0.181 4.56, s 0.125 3.39,
      s 0.133 3.25, s 0.133 3.21, s 0.180 4.75, s 0.140 4.23, s 0.220 4.98, s 0.117 3.46,
      s 0.080 2.55, s 0.110 3.65, s 0.089 3.54, s 0.087 2.89, s 0.444 6.91, s 0.140 4.33,
      s 0.076 2.27, s 0.135 4.72, s 0.234 5.12, s 0.270 5.84
      """;

  private static final String SCIFACT_MINED =
      """
      s 0.929 9.01, s 0.833 9.24, s 0.516 6.55, s 0.842 8.09, s 0.532 8.30, s 0.496 7.52,
      s 0.450 8.16, s 0.682 10.09, s 0.530 6.82, s 0.617 9.52, s 0.446 7.58, s 0.506 9.05,
      s 0.444 6.56, s 0.723 7.75, s 0.534 7.34, s 0.652 8.96, s 0.490 7.80, s 0.284 7.11,
      s 0.446 6.99, s 0.813 8.94, s 0.447 7.53, s 0.230 5.44, s 0.277 4.97, s 0.206 4.86,
      s 0.257 6.25, s 0.407 6.91, s 0.170 4.16, s 0.306 6.35, s 0.212 5.03, s 0.119 3.25,
      s 0.206 4.17, s 0.167 3.74, s 0.158 3.79, s 0.170 4.69, s 0.216 4.65, s 0.184 5.37,
      s 0.148 3.90, s 0.081 2.95, s 0.146 4.47, s 0.165 4.96, s 0.461 7.07, s 0.201 5.33,
      s 0.110 3.06, s 0.134 4.30, s 0.239 5.20, s 0.353 6.60
      """;

  private RealLogs() {}

  static List<CurvePoint> demo() {
    return read(DEMO);
  }

  static List<List<CurvePoint>> all() {
    return List.of(demo(), read(SCIFACT), read(SCIFACT_MINED));
  }

  private static List<CurvePoint> read(String text) {
    String[] updates = text.strip().split(",\\s+");
    return IntStream.range(0, updates.length)
        .mapToObj(
            step -> {
              List<String> values = Arrays.asList(updates[step].split(" "));
              return new CurvePoint(
                  step,
                  NAMES.get(values.get(0)),
                  Double.parseDouble(values.get(1)),
                  Double.parseDouble(values.get(2)));
            })
        .toList();
  }
}
