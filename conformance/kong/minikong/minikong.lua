-- Kong's side of the plugin server protocol "ProtoBuf:1" as Kong 3.9 has it:
-- one instance a configuration and worker, pooled connections, one command a
-- connection at a time, and repetition without bound when a connection is lost
-- inside a command. Strict: an unknown function drops the connection.
local wire = require "wire"
local pdk = require "pdk"
local cjson = require "cjson.safe"

local M = {}
local state = ngx.shared.minikong
local instances = {} -- by plugin id; of this worker
local sequence = 0

local function connect()
  local sock = ngx.socket.tcp()
  sock:settimeouts(60000, 60000, 60000)
  local ok, err = sock:connect("unix:" .. M.socket)
  if not ok then return nil, err end
  return sock
end

local function write_frame(sock, payload)
  local ok, err = sock:send(wire.u32(#payload))
  if not ok then return nil, err end
  return sock:send(payload)
end

local function read_frame(sock)
  local head, err = sock:receive(4)
  if not head then return nil, err end
  local n = wire.read_u32(head)
  if n == 0 then return "" end
  return sock:receive(n)
end

-- serve_calls answers the plugin's calls until the event ends.
local function serve_calls(sock)
  while true do
    local method, err = read_frame(sock)
    if not method then return nil, err end
    if method == "" then return true end
    local arg
    arg, err = read_frame(sock)
    if not arg then return nil, err end
    if method == "kong.response.exit" then
      return "exit", arg
    end
    local f = pdk[method]
    if not f then return nil, "not found: " .. method end
    local ok, reply = pcall(f, arg)
    if not ok then return nil, method .. ": " .. tostring(reply) end
    ok, err = write_frame(sock, reply or "")
    if not ok then return nil, err end
  end
end

-- call sends a command; for an event it serves the calls first.
local function call(command, body)
  local sock, err = connect()
  if not sock then return nil, err end
  sequence = sequence + 1
  local mine = sequence
  local ok
  ok, err = write_frame(sock, wire.number(1, mine) .. wire.bytes(command, body))
  if ok and command == 36 then
    local served, arg = serve_calls(sock)
    if served == "exit" then
      sock:close()
      return "exit", arg
    end
    ok, err = served, arg
  end
  local ret
  if ok then ret, err = read_frame(sock) end
  if not ret then
    sock:close()
    return nil, err
  end
  assert(wire.field(ret, 1) == mine, "sequence of the answer")
  sock:setkeepalive(60000, 256)
  return ret
end

local function instance_id(conf)
  local in_use = instances[conf.id]
  local waited = 0
  while in_use and not in_use.id and waited < 10 do
    ngx.sleep(0.1)
    waited = waited + 0.1
    in_use = instances[conf.id]
  end
  if in_use and in_use.id and in_use.seq == conf.seq then return in_use.id end
  local old = in_use and in_use.id
  instances[conf.id] = { seq = conf.seq }
  local ret, err = call(33, wire.bytes(1, M.name) .. wire.bytes(2, conf.json))
  if not ret then
    instances[conf.id] = nil
    return nil, err
  end
  local id = wire.field(wire.field(ret, 33), 2)
  instances[conf.id] = { seq = conf.seq, id = id }
  if old then call(35, wire.number(1, old)) end
  return id
end

local function answer(arg)
  local headers = wire.field(arg, 3)
  ngx.status = wire.field(arg, 1)
  if headers then
    for _, entry in wire.fields(headers) do
      ngx.header[wire.field(entry, 1)] = wire.field(wire.field(entry, 2), 3)
    end
  end
  local body = wire.field(arg, 2) or ""
  ngx.header["Content-Length"] = #body
  ngx.print(body)
  return ngx.exit(ngx.status)
end

local function current()
  local seq = state:get("seq")
  local json = cjson.decode(state:get("config"))
  json.__seq__, json.__plugin_id = seq, M.id
  json.__key__, json.__ws_id, json.route_id = "plugins:" .. M.name .. ":", "0dc6f45b", "b49744cb"
  return { id = M.id, seq = seq, json = cjson.encode(json) }
end

-- access is the access phase of the plugin.
function M.access()
  while true do
    local id, ret, err
    id, err = instance_id(current())
    if id then
      ret, err = call(36, wire.number(1, id) .. wire.bytes(2, "access"))
    end
    if ret == "exit" then return answer(err) end
    if ret then return end
    ngx.log(ngx.ERR, "plugin server: ", err)
    if not (err and string.find(err, "closed", 1, true)) then
      ngx.status = 500
      ngx.header["Content-Type"] = "application/json"
      ngx.print('{"message":"An unexpected error occurred"}')
      return ngx.exit(500)
    end
    state:incr("retries", 1, 0)
    instances = {}
  end
end

-- header_filter applies the headers that the plugin has set.
function M.header_filter()
  for name, value in pairs(ngx.ctx.response_headers or {}) do ngx.header[name] = value end
end

-- admin: GET tells the worker and what was retried, PUT replaces the
-- configuration as Kong's declarative configuration does, with a new sequence.
function M.admin()
  if ngx.req.get_method() == "PUT" then
    ngx.req.read_body()
    state:set("config", ngx.req.get_body_data())
    state:incr("seq", 1)
  end
  ngx.say(cjson.encode({ retries = state:get("retries") or 0, seq = state:get("seq"), worker = ngx.worker.pid() }))
end

-- file holds the configuration: nginx takes no long Lua blocks.
function M.init(socket, name, file)
  local f = assert(io.open(file))
  local config = f:read("*a")
  f:close()
  M.socket, M.name, M.id = socket, name, "00000000-0000-4000-8000-000000000001"
  state:set("config", config)
  state:set("seq", 1)
end

return M
