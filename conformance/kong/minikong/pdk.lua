-- The functions that a plugin may call in the access phase. Each takes the
-- encoded argument and returns the encoded reply, nil for nothing.
local wire = require "wire"

local M = {}

local function text(s) return s and wire.bytes(1, s) end

M["kong.request.get_method"] = function() return text(ngx.req.get_method()) end
M["kong.request.get_path_with_query"] = function() return text(ngx.var.request_uri) end
M["kong.request.get_http_version"] = function() return wire.double(1, ngx.req.http_version()) end
M["kong.client.get_ip"] = function() return text(ngx.var.realip_remote_addr or ngx.var.remote_addr) end
M["kong.client.get_forwarded_ip"] = function() return text(ngx.var.remote_addr) end

M["kong.request.get_headers"] = function(arg)
  local max = wire.field(arg, 1) or 100
  if max < 1 or max > 1000 then error("max_headers must be between 1 and 1000") end
  local out = {}
  for name, value in pairs(ngx.req.get_headers(max)) do
    if type(value) == "table" then
      local list = {}
      for i, v in ipairs(value) do list[i] = wire.bytes(1, wire.bytes(3, tostring(v))) end
      value = wire.bytes(6, table.concat(list))
    else
      value = wire.bytes(3, tostring(value))
    end
    out[#out + 1] = wire.bytes(1, wire.bytes(1, name) .. wire.bytes(2, value))
  end
  return table.concat(out)
end

M["kong.request.get_raw_body"] = function()
  ngx.req.read_body()
  local body = ngx.req.get_body_data()
  if body then return wire.bytes(1, body) end
  local file = ngx.req.get_body_file()
  if file then return wire.bytes(2, file) end
  return wire.bytes(1, "")
end

M["kong.router.get_service"] = function()
  return wire.bytes(1, "0c5c1b5e-0000-4000-8000-000000000001") .. wire.bytes(6, "http")
end

local function kv(arg)
  return wire.field(arg, 1), wire.field(wire.field(arg, 2) or "", 3)
end

M["kong.service.request.set_header"] = function(arg)
  ngx.req.set_header(kv(arg))
end

M["kong.response.set_header"] = function(arg)
  local name, value = kv(arg)
  ngx.ctx.response_headers = ngx.ctx.response_headers or {}
  ngx.ctx.response_headers[name] = value
end

for level, number in pairs({ err = ngx.ERR, warn = ngx.WARN, notice = ngx.NOTICE, info = ngx.INFO, debug = ngx.DEBUG }) do
  M["kong.log." .. level] = function(arg)
    local out = {}
    for _, value in wire.fields(arg) do out[#out + 1] = wire.field(value, 3) end
    ngx.log(number, table.concat(out))
  end
end

return M
