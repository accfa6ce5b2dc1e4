-- Protocol buffers as far as Kong's plugin server protocol needs them. Messages
-- are strings; nothing is decoded as text.
local bit = require "bit"
local ffi = require "ffi"
local char, byte, sub = string.char, string.byte, string.sub

local M = {}

function M.u32(n)
  return char(bit.band(n, 255), bit.band(bit.rshift(n, 8), 255), bit.band(bit.rshift(n, 16), 255), bit.rshift(n, 24))
end

function M.read_u32(s)
  local a, b, c, d = byte(s, 1, 4)
  return a + b * 256 + c * 65536 + d * 16777216
end

local function varint(n)
  local out = {}
  while n >= 128 do
    out[#out + 1] = char(n % 128 + 128)
    n = math.floor(n / 128)
  end
  out[#out + 1] = char(n)
  return table.concat(out)
end

function M.number(id, n) return varint(id * 8) .. varint(n) end
function M.bytes(id, s) return varint(id * 8 + 2) .. varint(#s) .. s end

local double = ffi.new("double[1]")
function M.double(id, n)
  double[0] = n
  return varint(id * 8 + 1) .. ffi.string(double, 8)
end

local function read_varint(s, at)
  local n, scale = 0, 1
  while true do
    local c = byte(s, at) or error("truncated message")
    n = n + (c % 128) * scale
    at, scale = at + 1, scale * 128
    if c < 128 then return n, at end
  end
end

-- fields iterates over (id, value): a number or a string.
function M.fields(s)
  local at = 1
  return function()
    if at > #s then return nil end
    local tag, n
    tag, at = read_varint(s, at)
    local kind = tag % 8
    if kind == 0 then
      n, at = read_varint(s, at)
      return math.floor(tag / 8), n
    elseif kind == 1 then
      at = at + 8
      return math.floor(tag / 8), sub(s, at - 8, at - 1)
    elseif kind == 2 then
      n, at = read_varint(s, at)
      if at + n - 1 > #s then error("truncated message") end
      at = at + n
      return math.floor(tag / 8), sub(s, at - n, at - 1)
    end
    error("wire type " .. kind)
  end
end

-- field returns the last field with an id.
function M.field(s, want)
  local found
  for id, value in M.fields(s) do
    if id == want then found = value end
  end
  return found
end

return M
