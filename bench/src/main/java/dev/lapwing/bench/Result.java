// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.bench;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The named numbers that one child process measured; printed by it as one line, parsed here. */
record Result(Map<String, Double> values) {
    static final String PREFIX = "RESULT ";

    static Result of(String name, double value) {
        return new Result(Map.of()).with(name, value);
    }

    Result with(String name, double value) {
        var more = new LinkedHashMap<>(values);
        more.put(name, value);
        return new Result(more);
    }

    double value(String name) {
        Double value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no figure " + name + " in " + values.keySet());
        }
        return value;
    }

    void print() {
        System.out.println(
                PREFIX
                        + values.entrySet().stream()
                                .map(entry -> entry.getKey() + "=" + entry.getValue())
                                .collect(Collectors.joining(" ")));
    }

    static Result parse(String line) {
        var result = new Result(Map.of());
        for (String pair : line.substring(PREFIX.length()).split(" ", -1)) {
            int equals = pair.indexOf('=');
            result =
                    result.with(
                            pair.substring(0, equals),
                            Double.parseDouble(pair.substring(equals + 1)));
        }
        return result;
    }
}
