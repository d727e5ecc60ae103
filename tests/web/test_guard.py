"""Who may reach the page."""

from __future__ import annotations

import pytest

from kb.errors import KbError
from kb.web import check_guard, is_loopback


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_this_computer_needs_no_password(host: str) -> None:
    assert is_loopback(host)
    check_guard(host, None)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "kb.example.cn", ""])
def test_other_hosts_need_a_password(host: str) -> None:
    with pytest.raises(KbError, match="密码"):
        check_guard(host, None)
    check_guard(host, "a long one")
