// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Begins the message of a failed check with the flaw that it found and the clause it breaks. */
final class FlawNamer implements TestExecutionExceptionHandler {

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable cause) {
        Check check = context.getRequiredTestMethod().getAnnotation(Check.class);
        String clauses =
                Arrays.stream(check.proves())
                        .map(clause -> clause.number() + " " + clause.text())
                        .collect(Collectors.joining(" "));
        throw new FlawFoundError(
                "The transport %s. (Contract: %s)%n%s: %s"
                        .formatted(
                                check.flaw(),
                                clauses,
                                cause.getClass().getSimpleName(),
                                cause.getMessage()),
                cause);
    }
}
