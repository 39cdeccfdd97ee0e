// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.testbed;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A first word with a server, to know whether it is there. */
final class Probe {

    private static final int PATIENCE_MILLIS = 1000;
    private static final int ENOUGH_BYTES = 64;

    private Probe() {}

    /** Whether somebody accepts connections at a port. */
    static boolean accepts(int port) {
        try (Socket socket = connect(port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /** The beginning of what a server answers to a first word, empty if it does not. */
    static String answer(int port, String word) {
        try (Socket socket = connect(port)) {
            socket.getOutputStream().write(word.getBytes(StandardCharsets.ISO_8859_1));
            byte[] bytes = new byte[ENOUGH_BYTES];
            int length = socket.getInputStream().read(bytes);
            return new String(bytes, 0, Math.max(0, length), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }

    private static Socket connect(int port) throws IOException {
        Socket socket = new Socket();
        try {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.connect(new InetSocketAddress(BrokerServer.LOOPBACK, port), PATIENCE_MILLIS);
            return socket;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }
}
