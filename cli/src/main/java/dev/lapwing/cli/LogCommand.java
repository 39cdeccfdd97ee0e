// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.cli;

import dev.lapwing.log.Damage;
import dev.lapwing.log.DiskStorage;
import dev.lapwing.log.LogException;
import dev.lapwing.log.LogLockedException;
import dev.lapwing.log.LogSalvage;
import dev.lapwing.log.LogVerifier;
import dev.lapwing.log.VerifyReport;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** Looks after the files of a log while no server has it open. */
@Command(
        name = "log",
        header = "Check the files of a log, and save what is whole in a damaged one.",
        description =
                "%nThe log must not be in use. Nothing in it is changed by either subcommand.",
        footer = {
            "%nExamples:",
            "  lapwing log verify data",
            "  lapwing log salvage data data-saved"
        })
final class LogCommand {

    private final Streams streams;

    LogCommand(Streams streams) {
        this.streams = streams;
    }

    @Command(
            name = "verify",
            header = "Read every byte of a log and report what is damaged.",
            description = "%nEnds with 1 if anything is damaged.")
    int verify(@Parameters(paramLabel = "DIR", description = "The log's directory.") Path directory)
            throws IOException {
        VerifyReport report =
                withLog(() -> LogVerifier.verify(DiskStorage.at(directory)), existing(directory));
        print(report);
        return report.isHealthy() ? ExitCode.OK : ExitCode.FAILED;
    }

    @Command(
            name = "salvage",
            header = "Copy everything that is whole into a new directory.",
            description = "%nPositions stay as they are; readers of the copy are told of the gaps.")
    int salvage(
            @Parameters(paramLabel = "DIR", description = "The damaged log's directory.") Path from,
            @Parameters(paramLabel = "TO", description = "A new or empty directory.") Path to)
            throws IOException {
        existing(from);
        Files.createDirectories(to);
        long saved =
                withLog(() -> LogSalvage.salvage(DiskStorage.at(from), DiskStorage.at(to)), from);
        streams.text().printf("%,d records are saved in %s%n", saved, to);
        return ExitCode.OK;
    }

    private static Path existing(Path directory) throws NoSuchFileException {
        if (!Files.isDirectory(directory)) {
            throw new NoSuchFileException(directory.toString());
        }
        return directory;
    }

    private static <T> T withLog(Supplier<T> work, Path directory) throws IOException {
        try {
            return work.get();
        } catch (LogLockedException inUse) {
            throw new IOException(
                    "The log in %s is in use; stop the server that has it open first"
                            .formatted(directory),
                    inUse);
        } catch (LogException | IllegalArgumentException failed) {
            throw new IOException(failed.getMessage(), failed);
        }
    }

    private void print(VerifyReport report) {
        var segments = Table.withColumns(">SEGMENT", ">SIZE", ">RECORDS", ">DAMAGED", ">TORN");
        report.segments()
                .forEach(segment ->
                        segments.row(
                                segment.id(),
                                new ByteSize(segment.bytes()),
                                TopicsCommand.count(segment.records()),
                                TopicsCommand.count(segment.damagedRecords()),
                                new ByteSize(segment.tornBytes())));
        segments.print(streams.text());
        if (report.isHealthy()) {
            streams.text().printf("Healthy: %,d records, none damaged%n", report.records());
        } else {
            print(report.damages());
        }
    }

    private void print(List<Damage> damages) {
        streams.text().printf("%nDamaged, %,d in all:%n", damages.size());
        var table = Table.withColumns("<STREAM", "<POSITIONS", ">SEGMENT", "<BYTES", "<WHAT");
        for (Damage damage : damages) {
            table.row(
                    damage.stream().isEmpty() ? "?" : damage.stream(),
                    range(damage.firstPosition(), damage.endPosition()),
                    damage.segment(),
                    range(damage.fromByte(), damage.toByte()),
                    damage.detail());
        }
        table.print(streams.text());
    }

    /** From the first to the last of a range whose end is exclusive. */
    private static String range(long first, long end) {
        return first < 0 ? "?" : "%d-%d".formatted(first, end - 1);
    }
}
