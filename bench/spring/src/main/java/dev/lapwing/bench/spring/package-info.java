// SPDX-License-Identifier: Apache-2.0
/** Spring Cloud Stream under the load of the broker suites; a process of its own. */
@org.jspecify.annotations.NullMarked
package dev.lapwing.bench.spring;
