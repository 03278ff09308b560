package dev.hone.config;

/** Names how the updates of several data sets take turns in an epoch. */
public enum Sampling {
  /** Each data set's are spread over the whole epoch, and all are done. */
  PROPORTIONAL,
  /** One of each data set after the other, until the first has no more; the rest is left out. */
  ROUND_ROBIN
}
