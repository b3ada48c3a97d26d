import QtQuick

// A sentence on a coloured ground. `tone`: "sure", "unsure", "bad" or "plain".
Rectangle {
    id: notice
    property string text: ""
    property string tone: "unsure"
    property string icon: ""

    implicitHeight: Math.max(56, label.implicitHeight + 28)
    radius: 18
    visible: text !== ""
    color: Theme.groundOf(tone)
    Icon {
        id: sign
        visible: notice.icon !== ""
        anchors { left: parent.left; leftMargin: 18; verticalCenter: parent.verticalCenter }
        name: notice.icon
        size: 28
        color: label.color
    }
    Label {
        id: label
        anchors { left: notice.icon !== "" ? sign.right : parent.left; right: parent.right; leftMargin: notice.icon !== "" ? 12 : 20; rightMargin: 20; verticalCenter: parent.verticalCenter }
        text: notice.text
        wrapMode: Text.Wrap
        maximumLineCount: 6
        font.pixelSize: 19
        color: Theme.inkOf(notice.tone)
    }
}
