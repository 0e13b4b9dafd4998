-- One step of a name that only one holder may have: claim, confirm or release it.
--
-- KEYS[1] STRING the name: its holder; expires while the claim is tentative
--
-- ARGV[1] "claim", "confirm" or "release"
-- ARGV[2] who asks
-- ARGV[3] how long a tentative claim lasts, ms
--
-- Returns the holder if it is another one and this is no release, else an empty string
-- Emits   nothing
local name = KEYS[1]
local step, me, tentative_ms = ARGV[1], ARGV[2], ARGV[3]

local holder = redis.call('GET', name)
if step == 'release' then
  if holder == me then redis.call('DEL', name) end
  return ''
end
if holder and holder ~= me then return holder end

if step == 'confirm' then
  redis.call('SET', name, me)
elseif not holder or redis.call('PTTL', name) >= 0 then
  redis.call('SET', name, me, 'PX', tentative_ms)
end
return ''
