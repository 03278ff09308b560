package dev.hone.model;

import java.util.Locale;

/**
 * How an archive computes.
 *
 * @param trained whether its weights will be changed: they stay fp32 then, whatever is computed in
 * @param precision what products of matrices and attention are computed in
 * @param oneDnn whether products outside training are oneDNN's
 * @param dropout hidden dropout in training, in [0, 1)
 * @param attentionDropout dropout of attention weights in training, in [0, 1)
 */
public record ArchiveOptions(
    boolean trained, Precision precision, boolean oneDnn, double dropout, double attentionDropout) {

  /** A name for the archive's place in a cache. */
  public String label() {
    return String.format(
        Locale.ROOT,
        "%s-%s-%s-%s-%s",
        trained ? "trained" : "frozen",
        precision.label(),
        oneDnn ? "onednn" : "plain",
        dropout,
        attentionDropout);
  }
}
