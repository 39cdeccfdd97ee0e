// SPDX-License-Identifier: Apache-2.0
package dev.lapwing.redis;

/**
 * What has to happen at once or not at all, in the server's own language. {@code KEYS[1]} is the
 * stream; the group and the consumer are the first values, where they are needed.
 */
final class RedisScripts {
    /** What stands before the id of an entry that was there before. */
    static final byte DUPLICATE = '=';

    /**
     * Adds an entry unless its id is remembered. {@code KEYS[2]} remembers it, for so many
     * milliseconds.
     */
    static final String PUBLISH_ONCE =
            """
            local seen = redis.call('GET', KEYS[2])
            if seen then return '=' .. seen end
            local id = redis.call('XADD', KEYS[1], unpack(ARGV, 2))
            redis.call('SET', KEYS[2], id, 'PX', ARGV[1])
            return id
            """;

    /** Acks what the consumer still has; returns what it has no more. */
    static final String ACK =
            """
            local stale = {}
            for i = 3, #ARGV do
              local p = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1, ARGV[2])
              if p[1] then redis.call('XACK', KEYS[1], ARGV[1], ARGV[i])
              else stale[#stale + 1] = ARGV[i] end
            end
            return stale
            """;

    /** Changes nothing; returns what the consumer has no more. */
    static final String HELD =
            """
            local stale = {}
            for i = 3, #ARGV do
              local p = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1, ARGV[2])
              if not p[1] then stale[#stale + 1] = ARGV[i] end
            end
            return stale
            """;

    /** Begins the lease anew of what the consumer still has; returns what it has no more. */
    static final String EXTEND =
            """
            local stale = {}
            for i = 3, #ARGV do
              local id = ARGV[i]
              local p = redis.call('XPENDING', KEYS[1], ARGV[1], id, id, 1, ARGV[2])
              if p[1] then
                redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, id, 'JUSTID')
              else stale[#stale + 1] = id end
            end
            return stale
            """;

    /**
     * Hands what the consumer still has to the consumer of what was given back, idle for long
     * enough that anyone may take it; returns what it has no more. The third value is the other
     * consumer, the fourth how many attempts to take off.
     */
    static final String GIVE_BACK =
            """
            local stale = {}
            for i = 5, #ARGV do
              local id = ARGV[i]
              local p = redis.call('XPENDING', KEYS[1], ARGV[1], id, id, 1, ARGV[2])
              if p[1] then
                redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[3], 0, id, 'IDLE', 31536000000,
                  'RETRYCOUNT', math.max(0, p[1][4] - ARGV[4]), 'JUSTID')
              else stale[#stale + 1] = id end
            end
            return stale
            """;

    /**
     * Gives back all that a consumer has, uncounted, and removes it. The third value is the
     * consumer of what was given back.
     */
    static final String LEAVE =
            """
            local from = '-'
            while true do
              local ok = redis.pcall('XPENDING', KEYS[1], ARGV[1], from, '+', 1000, ARGV[2])
              if ok.err then return {} end
              if #ok == 0 then break end
              for _, p in ipairs(ok) do
                redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[3], 0, p[1], 'IDLE', 31536000000,
                  'RETRYCOUNT', math.max(0, p[4] - 1), 'JUSTID')
                from = '(' .. p[1]
              end
            end
            if #redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', 1, ARGV[2]) == 0 then
              redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], ARGV[2])
            end
            return {}
            """;

    /**
     * Takes what was given back, and what was idle for as long as the lease. Values: group,
     * consumer, consumer of what was given back, lease in milliseconds, how many at the most, where
     * to go on looking. Returns where to go on, the entries with their attempts, how many are no
     * longer in the stream, and how many were trimmed before the group had read them, with the
     * position before these.
     */
    static final String CLAIM =
            """
            local key, group, me = KEYS[1], ARGV[1], ARGV[2]
            local most, cursor = tonumber(ARGV[5]), ARGV[6]
            local taken, gone = {}, 0
            local function take(id, attempt)
              local entry = redis.call('XRANGE', key, id, id)[1]
              if entry then
                redis.call('XCLAIM', key, group, me, 0, id, 'RETRYCOUNT', attempt, 'JUSTID')
                taken[#taken + 1] = {attempt, entry[1], entry[2]}
              else
                redis.call('XACK', key, group, id)
                gone = gone + 1
              end
            end
            for _, p in ipairs(redis.call('XPENDING', key, group, '-', '+', most, ARGV[3])) do
              take(p[1], p[4] + 1)
            end
            local looks = 0
            while #taken < most and looks < 1000 do
              local count = most - #taken
              looks = looks + count * 10
              local found = redis.call('XAUTOCLAIM', key, group, me, ARGV[4], cursor,
                'COUNT', count, 'JUSTID')
              cursor = found[1]
              for _, id in ipairs(found[2]) do
                local p = redis.call('XPENDING', key, group, id, id, 1)[1]
                if p then take(id, p[4] + 1) end
              end
              gone = gone + #(found[3] or {})
              if cursor == '0-0' then break end
            end
            local function named(list)
              local map = {}
              for i = 1, #list, 2 do map[list[i]] = list[i + 1] end
              return map
            end
            local function before(a, b)
              local am, as = string.match(a, '(%d+)-(%d+)')
              local bm, bs = string.match(b, '(%d+)-(%d+)')
              if am ~= bm then return tonumber(am) < tonumber(bm) end
              return tonumber(as) < tonumber(bs)
            end
            local missed, at = 0, '0-0'
            local s = named(redis.call('XINFO', 'STREAM', key))
            if s['entries-added'] and s['max-deleted-entry-id'] == '0-0' then
              for _, each in ipairs(redis.call('XINFO', 'GROUPS', key)) do
                local g = named(each)
                if g['name'] == group and g['entries-read'] then
                  at = g['last-delivered-id']
                  local reached = nil
                  if s['length'] == 0 or before(at, s['recorded-first-entry-id']) then
                    reached = s['entries-added'] - s['length']
                  elseif at == s['last-generated-id'] then
                    reached = s['entries-added']
                  end
                  if reached and reached > g['entries-read'] then
                    missed = reached - g['entries-read']
                    redis.call('XGROUP', 'SETID', key, group, at, 'ENTRIESREAD', reached)
                  end
                end
              end
            end
            return {cursor, taken, gone, missed, at}
            """;

    /** Removes consumers of Lapwing that have nothing and were idle for so many milliseconds. */
    static final String TIDY =
            """
            for _, each in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
              local c = {}
              for i = 1, #each, 2 do c[each[i]] = each[i + 1] end
              if string.sub(c['name'], 1, #ARGV[3]) == ARGV[3] and c['name'] ~= ARGV[2]
                  and c['pending'] == 0 and c['idle'] > tonumber(ARGV[4]) then
                redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], c['name'])
              end
            end
            return {}
            """;

    /** Removes all entries, and what the groups have to do with them; returns how many. */
    static final String PURGE =
            """
            local key = KEYS[1]
            if redis.call('EXISTS', key) == 0 then return 0 end
            local many = redis.call('XLEN', key)
            redis.call('XTRIM', key, 'MAXLEN', 0)
            local s = {}
            local list = redis.call('XINFO', 'STREAM', key)
            for i = 1, #list, 2 do s[list[i]] = list[i + 1] end
            for _, each in ipairs(redis.call('XINFO', 'GROUPS', key)) do
              local g = {}
              for i = 1, #each, 2 do g[each[i]] = each[i + 1] end
              local name = g['name']
              if s['entries-added'] then
                redis.call('XGROUP', 'SETID', key, name, s['last-generated-id'],
                  'ENTRIESREAD', s['entries-added'])
              else
                redis.call('XGROUP', 'SETID', key, name, s['last-generated-id'])
              end
              while true do
                local open = redis.call('XPENDING', key, name, '-', '+', 1000)
                if #open == 0 then break end
                for _, p in ipairs(open) do redis.call('XACK', key, name, p[1]) end
              end
            end
            return many
            """;

    private RedisScripts() {}
}
