package dev.hone.config;

/** How a guide's margin m is taken off the similarity s of a row's positive. */
public enum GuideMargin {
  /** s - m. */
  ABSOLUTE,
  /** s - m |s|. */
  RELATIVE
}
