// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;

/** The command: runs the suites that were asked for and prints their table. */
@Command(
        name = "benchmark",
        mixinStandardHelpOptions = true,
        version = "Lapwing benchmark",
        description = {
            "Measures Lapwing beside baselines of the same run and prints a table of the ratios.",
            "",
            "Both sides of a figure take turns; each cell is the median, with the smallest and the"
                    + " largest value. Every server and every load client is a process of its own."
                    + " Nothing else should run on the machine meanwhile."
        },
        footer = {
            "",
            "Examples:",
            "  ./benchmark                     everything that has a target, in about 40 minutes",
            "  ./benchmark --quick             the same, shorter and less exact",
            "  ./benchmark fanout memory       only these",
            "  ./benchmark brokers             Lapwing beside each broker's own client, in 25"
                    + " minutes",
            "  ./benchmark kafka --quick       only Kafka, in 2 minutes",
            "  ./benchmark framework           Netty beside Vert.x (decision 0002)"
        })
final class Benchmark implements Callable<Integer> {
    /** The word for all broker suites. */
    private static final String BROKERS = "brokers";

    @Parameters(
            arity = "0..*",
            paramLabel = "SUITE",
            description = "What to measure: ${COMPLETION-CANDIDATES}. Default: all but framework.",
            completionCandidates = SuiteNames.class)
    private Set<String> names = new LinkedHashSet<>();

    @Option(names = "--quick", description = "Fewer and shorter repetitions: a third of the time.")
    private boolean quick;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = "bench/target/data",
            description =
                    "Where logs are written; its file system and disk are measured too."
                            + " Default: ${DEFAULT-VALUE}.")
    private Path data = Path.of("");

    @Option(
            names = "--markdown",
            paramLabel = "FILE",
            description = "Writes the table, with the machine's facts, as Markdown too.")
    private @Nullable Path markdown;

    @Spec private CommandLine.Model.@Nullable CommandSpec spec;

    /** The words that {@code --help} lists. */
    static final class SuiteNames extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        SuiteNames() {
            super(suites().stream().map(Suite::name).toList());
            add(BROKERS);
        }
    }

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Benchmark()).execute(arguments));
    }

    private static List<Suite> suites() {
        var suites = new ArrayList<Suite>();
        suites.add(new PublishSuite());
        suites.add(new ReplaySuite());
        suites.add(new ProduceSuite());
        suites.add(new FanoutSuite());
        suites.add(new MemorySuite());
        suites.add(new ReadySuite());
        suites.addAll(brokerSuites());
        suites.add(new FrameworkSuite());
        return suites;
    }

    private static List<Suite> brokerSuites() {
        var suites = new ArrayList<Suite>(BrokerSuite.all());
        suites.add(new SpringSuite());
        return suites;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<Suite> chosen = chosen();
        Files.createDirectories(data);
        Machine machine = Machine.here(data);
        var progress = new Progress(System.console() != null, InstantSource.system());
        var rows = new ArrayList<Row>();
        var run = new Run(quick ? Settings.QUICK : Settings.FULL, data, progress);
        Table table = new Table(chosen.getFirst().header(), rows);
        for (Suite suite : chosen) {
            rows.addAll(suite.run(run));
            // What is measured is kept, whatever becomes of the suites behind it.
            if (markdown != null) {
                Files.writeString(markdown, table.markdown() + "\n" + machine + "\n");
            }
        }
        progress.done();
        System.out.println(machine + "\n\n" + table.aligned() + table.reasons());
        return 0;
    }

    private List<Suite> chosen() {
        Set<String> known = new LinkedHashSet<>(new SuiteNames());
        for (String name : names) {
            if (!known.contains(name)) {
                throw new ParameterException(
                        Objects.requireNonNull(spec).commandLine(),
                        "there is no suite '%s'; there are %s".formatted(name, known));
            }
        }
        return suites().stream()
                .filter(suite -> isChosen(suite.name(), suite.hasTargets()))
                .toList();
    }

    private boolean isChosen(String suite, boolean hasTargets) {
        return names.isEmpty()
                ? hasTargets
                : names.contains(suite)
                        || (names.contains(BROKERS)
                                && brokerSuites().stream()
                                        .anyMatch(one -> one.name().equals(suite)));
    }
}
