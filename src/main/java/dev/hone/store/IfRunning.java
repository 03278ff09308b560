package dev.hone.store;

/** What to do where another try of the same run is alive. */
public enum IfRunning {
  WAIT,
  EXIT,
  PROCEED
}
