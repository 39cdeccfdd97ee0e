/** Short programs that show how Lapwing reads. */
@NullMarked
package dev.lapwing.examples;

import org.jspecify.annotations.NullMarked;
