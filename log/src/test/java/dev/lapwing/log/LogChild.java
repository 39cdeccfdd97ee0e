// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.log;

import java.io.PrintStream;
import java.nio.file.Path;

/**
 * A process that appends numbered records until it is killed, and says of each when it was handed
 * over and when it was stored. Arguments: the directory, the first number.
 */
final class LogChild {
    private LogChild() {}

    public static void main(String[] args) {
        var out = new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.out), false);
        var settings = LogSettings.defaults().withSegmentBytes(64 * 1024);
        var log = Log.open(DiskStorage.at(Path.of(args[0])), settings, LogOwner.none());
        var stream = log.create("numbers");
        for (long number = Long.parseLong(args[1]); ; number++) {
            say(out, "try " + number);
            var append = new TestAppend(stream, number + " " + "x".repeat((int) (number % 700)));
            var admission = log.append(append);
            if (admission != Admission.ACCEPTED) {
                say(out, "refused " + number + " " + admission);
                return;
            }
            try {
                append.await();
                say(out, "stored " + number);
            } catch (RuntimeException failed) {
                say(out, "failed " + number + " " + append.failure().orElseThrow().kind());
            }
        }
    }

    private static void say(PrintStream out, String line) {
        out.println(line);
        out.flush();
    }
}
