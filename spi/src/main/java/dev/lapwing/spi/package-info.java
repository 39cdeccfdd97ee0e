/** The contract that a transport implements. */
@NullMarked
package dev.lapwing.spi;

import org.jspecify.annotations.NullMarked;
