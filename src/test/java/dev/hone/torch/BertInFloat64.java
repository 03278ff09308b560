package dev.hone.torch;

import dev.hone.model.Tensor;
import java.util.Map;

/**
 * BERT with a head for pairs, in plain float64 loops over one input, as its definition reads
 * (Devlin et al. 2018; transformers, modeling_bert.py): what the archive is compared with.
 */
final class BertInFloat64 {
  private static final double EPSILON = 1e-12;

  private final Map<String, Tensor> weights;
  private final int layers;
  private final int heads;

  BertInFloat64(Map<String, Tensor> weights, int layers, int heads) {
    this.weights = weights;
    this.layers = layers;
    this.heads = heads;
  }

  /** The head's number for one input. */
  double score(long[] ids, long[] types) {
    double[][] x = new double[ids.length][];
    for (int t = 0; t < ids.length; t++) {
      double[] word = row("embeddings.word_embeddings.weight", ids[t]);
      double[] place = row("embeddings.position_embeddings.weight", t);
      double[] type = row("embeddings.token_type_embeddings.weight", types[t]);
      x[t] = normalized(sum(sum(word, place), type), "embeddings.LayerNorm");
    }
    for (int layer = 0; layer < layers; layer++) {
      x = layer(x, "encoder.layer." + layer + ".");
    }
    double[] pooled = linear(x[0], "pooler.dense");
    for (int i = 0; i < pooled.length; i++) {
      pooled[i] = Math.tanh(pooled[i]);
    }
    return linear(pooled, "classifier")[0];
  }

  private double[][] layer(double[][] x, String name) {
    double[][] weighed = attention(x, name + "attention.self.");
    double[][] result = new double[x.length][];
    for (int t = 0; t < x.length; t++) {
      double[] y =
          normalized(
              sum(linear(weighed[t], name + "attention.output.dense"), x[t]),
              name + "attention.output.LayerNorm");
      double[] inner = linear(y, name + "intermediate.dense");
      for (int i = 0; i < inner.length; i++) {
        inner[i] = inner[i] * normalDistribution(inner[i]);
      }
      result[t] =
          normalized(sum(linear(inner, name + "output.dense"), y), name + "output.LayerNorm");
    }
    return result;
  }

  private double[][] attention(double[][] x, String name) {
    int tokens = x.length;
    double[][] q = new double[tokens][];
    double[][] k = new double[tokens][];
    double[][] v = new double[tokens][];
    for (int t = 0; t < tokens; t++) {
      q[t] = linear(x[t], name + "query");
      k[t] = linear(x[t], name + "key");
      v[t] = linear(x[t], name + "value");
    }
    int width = x[0].length / heads;
    double[][] y = new double[tokens][x[0].length];
    for (int head = 0; head < heads; head++) {
      for (int t = 0; t < tokens; t++) {
        double[] share = new double[tokens];
        double total = 0;
        for (int s = 0; s < tokens; s++) {
          double product = 0;
          for (int i = head * width; i < (head + 1) * width; i++) {
            product += q[t][i] * k[s][i];
          }
          share[s] = Math.exp(product / Math.sqrt(width));
          total += share[s];
        }
        for (int s = 0; s < tokens; s++) {
          for (int i = head * width; i < (head + 1) * width; i++) {
            y[t][i] += share[s] / total * v[s][i];
          }
        }
      }
    }
    return y;
  }

  private double[] linear(double[] x, String name) {
    float[] weight = weights.get(name + ".weight").values();
    float[] bias = weights.get(name + ".bias").values();
    double[] y = new double[bias.length];
    for (int out = 0; out < y.length; out++) {
      double sum = bias[out];
      for (int in = 0; in < x.length; in++) {
        sum += x[in] * weight[out * x.length + in];
      }
      y[out] = sum;
    }
    return y;
  }

  private double[] normalized(double[] x, String name) {
    float[] gamma = weights.get(name + ".weight").values();
    float[] beta = weights.get(name + ".bias").values();
    double mean = 0;
    for (double value : x) {
      mean += value / x.length;
    }
    double variance = 0;
    for (double value : x) {
      variance += (value - mean) * (value - mean) / x.length;
    }
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = (x[i] - mean) / Math.sqrt(variance + EPSILON) * gamma[i] + beta[i];
    }
    return y;
  }

  private double[] row(String name, long index) {
    Tensor table = weights.get(name);
    int width = (int) table.shape()[1];
    double[] row = new double[width];
    for (int i = 0; i < width; i++) {
      row[i] = table.values()[(int) index * width + i];
    }
    return row;
  }

  private static double[] sum(double[] a, double[] b) {
    double[] sum = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }

  /** The share of the normal distribution below x, by Simpson's rule from 0. */
  private static double normalDistribution(double x) {
    if (Math.abs(x) > 9) {
      return x > 0 ? 1 : 0;
    }
    int steps = 2 * (int) Math.ceil(Math.abs(x) * 12 + 1);
    double width = x / steps;
    double sum = density(0) + density(x);
    for (int i = 1; i < steps; i++) {
      sum += (i % 2 == 1 ? 4 : 2) * density(i * width);
    }
    return 0.5 + sum * width / 3;
  }

  private static double density(double x) {
    return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
  }
}
