/** A configuration to the chain of steps: what auto becomes, in which order stages run. */
package dev.hone.chain;
