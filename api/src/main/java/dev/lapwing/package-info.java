/** The API that programs use. */
@NullMarked
package dev.lapwing;

import org.jspecify.annotations.NullMarked;
