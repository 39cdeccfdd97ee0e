// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

import java.util.List;

/** Each flaw is caught by the checks that name it, and by what they say. */
class BrokenTransportsTest {

    static List<Flaw> flaws() {
        return Flaw.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("flaws")
    void flawIsCaughtByTheCheckThatNamesIt(Flaw flaw) throws Exception {
        assertThat(flaw.checks()).isNotEmpty();
        for (String check : flaw.checks()) {
            Throwable failure = failureOf(flaw, check);
            assertThat(failure)
                    .as("%s on a transport that %s", check, flaw)
                    .isInstanceOf(FlawFoundError.class)
                    .hasMessageContaining(
                            BrokenConformance.class
                                    .getMethod(check)
                                    .getAnnotation(Check.class)
                                    .flaw());
        }
    }

    /** Without a flaw the same impatient suite finds none: what the others find is theirs. */
    @Test
    void decoratorWithoutAFlawPasses() {
        for (Flaw flaw : List.of(Flaw.of("none", BrokenTransport::new))) {
            for (String check :
                    List.of("everyMessageIsAccountedFor", "ackTakesNoOtherMessageWithIt")) {
                assertThat(summary(flaw, check).getTotalFailureCount()).isZero();
            }
        }
    }

    private static Throwable failureOf(Flaw flaw, String check) {
        TestExecutionSummary summary = summary(flaw, check);
        assertThat(summary.getTestsStartedCount()).as("checks named %s", check).isEqualTo(1);
        assertThat(summary.getFailures())
                .as("%s finds nothing on a transport that %s", check, flaw)
                .hasSize(1);
        return summary.getFailures().getFirst().getException();
    }

    /** A schedule whose last outage comes after the last member has joined. */
    private static final String TELLING_SEED = "1";

    @BeforeAll
    static void chooseASchedule() {
        System.setProperty("lapwing.seed", TELLING_SEED);
    }

    @AfterAll
    static void leaveSchedulesToChance() {
        System.clearProperty("lapwing.seed");
    }

    private static TestExecutionSummary summary(Flaw flaw, String check) {
        BrokenConformance.flaw = flaw;
        var listener = new SummaryGeneratingListener();
        var request =
                LauncherDiscoveryRequestBuilder.request()
                        .selectors(selectMethod(BrokenConformance.class, check))
                        .build();
        LauncherFactory.create().execute(request, listener);
        return listener.getSummary();
    }
}
