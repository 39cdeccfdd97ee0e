// SPDX-License-Identifier: Apache-2.0
/** The rules about the shape of the house, and the proof that each can fail. */
package dev.lapwing.architecture;
