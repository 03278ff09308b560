/**
 * Text on its way into an encoder: prompts, tokens, padded batches of similar lengths, and how much
 * truncation cut. Uses DJL's tokenizers only.
 */
package dev.hone.text;
