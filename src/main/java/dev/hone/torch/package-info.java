/**
 * The tensor engine: its runtime and threads, the encoder that runs a model folder, and the
 * operations of an optimizer update. The only room that knows DJL's engine.
 */
package dev.hone.torch;
