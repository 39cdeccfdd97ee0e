// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A throw-away authority and a server's certificate that it signed, as PEM files that live as long
 * as this JVM.
 *
 * <p>The certificate is for {@code localhost} and {@code 127.0.0.1}. Who trusts the authority of
 * one does not trust the certificate of another.
 *
 * @param authority the certificate of the authority, to be trusted
 * @param certificate the server's certificate
 * @param key the server's private key
 * @param keyAndCertificate the last two in one file
 */
public record Certificates(Path authority, Path certificate, Path key, Path keyAndCertificate) {

    private static final String DAYS = "30";

    /** A new authority and a certificate for servers of this machine. */
    public static Certificates create() {
        return create("DNS:localhost,IP:127.0.0.1");
    }

    /** A new authority and a certificate for another host, so that clients have to refuse it. */
    public static Certificates ofAnotherHost() {
        return create("DNS:elsewhere.example");
    }

    private static Certificates create(String names) {
        Path folder = OwnServer.folder("certificates");
        folder.toFile().deleteOnExit();
        Path authority = file(folder, "ca.pem");
        Path authorityKey = file(folder, "ca.key");
        Path certificate = file(folder, "server.pem");
        Path key = file(folder, "server.key");
        Path both = file(folder, "both.pem");
        make(folder, authorityKey, authority, "/CN=Lapwing tests", List.of());
        make(
                folder,
                key,
                certificate,
                "/CN=localhost",
                List.of(
                        "-CA",
                        authority.toString(),
                        "-CAkey",
                        authorityKey.toString(),
                        "-addext",
                        "basicConstraints=critical,CA:FALSE",
                        "-addext",
                        "subjectAltName=" + names));
        try {
            Files.writeString(both, Files.readString(key) + Files.readString(certificate));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + both, e);
        }
        return new Certificates(authority, certificate, key, both);
    }

    private static Path file(Path folder, String name) {
        Path file = folder.resolve(name);
        file.toFile().deleteOnExit();
        return file;
    }

    private static void make(
            Path folder, Path key, Path certificate, String subject, List<String> further) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Binary.find("openssl", "openssl", "").toString(),
                                "req",
                                "-x509",
                                "-newkey",
                                "ec",
                                "-pkeyopt",
                                "ec_paramgen_curve:prime256v1",
                                "-nodes",
                                "-days",
                                DAYS,
                                "-subj",
                                subject,
                                "-keyout",
                                key.toString(),
                                "-out",
                                certificate.toString()));
        command.addAll(further);
        try {
            Process process =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .start();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (process.onExit().join().exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed: " + said);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run openssl", e);
        }
    }
}
